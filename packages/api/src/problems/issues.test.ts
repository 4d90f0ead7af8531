import { expect, test } from "vitest";
import * as z from "zod";
import { pipelineSchedule } from "../kinds/pipeline-schedule.ts";
import { pipeline } from "../kinds/pipeline.ts";
import { problemsIn } from "./issues.ts";

const one = { name: "a", image: "b" };

function saidOf(spec: object, kind: typeof pipeline | typeof pipelineSchedule = pipeline): string[] {
  const object = { apiVersion: "plimsoll.dev/v1alpha1", kind: kind.kind, metadata: { name: "a" }, spec };
  return problemsIn(kind.versions[0].schema, object).map(({ message }) => message);
}

test.each([
  [{ retry: 2 }, "is 2: must be a map, as in {limit: 2}"],
  [{ args: "a b" }, "is a string: must be a list, as in [a, b]"],
  [{ command: "echo hi" }, 'is "echo hi": must be a list, as in [sh, -c, date]; a text of several words is a script'],
  [{ script: ["make", "make test"] }, "is a list: must be one text: put a | behind script:, and its lines below that"],
  [{ image: { name: "b" } }, "is a map: must be the name of an image, as in busybox:1.36"],
  [{ volumeMounts: {} }, "is a map: must be a list, as in [{name: …, mountPath: …}]"],
  [{ pod: { imagePullSecrets: ["x"] } }, 'is "x": must be a map, as in {name: "x"}'],
  [{ pod: { nodeSelector: "ssd" } }, 'is "ssd": must be a map, as in {NAME: …}'],
  [{ pod: { securityContext: { supplementalGroups: 7 } } }, "is 7: must be a list, as in [7]"],
  [{ forEach: 3 }, "is 3: must be a list of at most 10,000 items, or one ${{ }} expression, as in [a, b] or ${{ params.names }}"],
  [{ resources: { auto: {} } }, "is missing: give a map, as in {memory: …}"],
  [{ failFast: "true", forEach: [1] }, 'is "true": must be true or false: take it out of the quotes'],
  [{ parallelism: "2", forEach: [1] }, 'is "2": must be a whole number: take it out of the quotes'],
  [{ parallelism: "two", forEach: [1] }, 'is "two": must be a whole number'],
  [{ if: true }, "is true: must be a string: put it in quotes"],
  [{ timeout: "1" }, expect.stringMatching(/^is "1": must be a duration/)],
  [{ timeout: "x".repeat(31) }, expect.stringMatching(/^is "x+": must be a duration/)],
  [{ retry: { limit: 1, reasons: [`/${"x".repeat(70)}`] } }, expect.stringMatching(/^is "\/x{57}…": must be an exit code of at most 255/)],
  [{ retry: { limit: 1, reasons: ["oom"] } }, expect.stringMatching(/^is "oom": must be an exit code of at most 255/)],
  [{ pod: { volumes: [{ name: "a", emptyDir: {}, tmp: {} }] } }, expect.stringMatching(/^there is no such kind of volume/)],
  [{ command: [] }, "is empty: must have at least 1 entry"],
  [{ script: "" }, "is empty: must have at least 1 character"],
])("of %j in a step it is told, and once: %s", (more, message) => {
  expect(saidOf({ steps: [{ ...one, ...more }] })).toEqual([message]);
});

test.each([
  [{ steps: { a: one } }, "is a map: must be a list, as in [{name: …}]"],
  [{ steps: [one], params: { a: 1 } }, "is a map: must be a list, as in [{name: …}]"],
  [{ steps: [one], workspace: "1Gi" }, 'is "1Gi": must be a map, as in {size: "1Gi"}'],
  [{ steps: [one], timeout: ["1h"] }, "is a list: must be a duration of hours, minutes and seconds, as in 1h30m, 10m or 45s"],
])("of %j as a pipeline it is told, and once: %s", (spec, message) => {
  expect(saidOf(spec)).toEqual([message]);
});

test("one time in a schedule is shown as a list of it", () => {
  expect(saidOf({ cron: "0 5 * * *", template: { spec: {} } }, pipelineSchedule)).toEqual([
    'is "0 5 * * *": must be a list, as in ["0 5 * * *"]',
  ]);
});

test("one of what is counted has no plural", () => {
  const schema = z.object({ text: z.string().min(2), list: z.array(z.string()).min(2) });
  expect(problemsIn(schema, { text: "a", list: ["a"] }).map(({ message }) => message)).toEqual([
    "has 1 character: must have at least 2",
    "has 1 entry: must have at least 2",
  ]);
});
