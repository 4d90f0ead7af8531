import type { PipelineRun, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { formatDag } from "./dag.ts";
import { treeRows } from "./dag-tree.ts";
import { plain } from "../output/paint.ts";
import { changes } from "./watch.ts";

const step = (name: string, ...needs: string[]): Step => ({ name, needs, image: "busybox", command: ["true"] });

test("a diamond stands as a tree, its last step under the deepest of its needs", () => {
  const rows = treeRows([
    step("load"),
    step("left", "load"),
    step("right", "load"),
    step("right2", "right"),
    step("join", "left", "right2"),
  ]);
  expect(rows.map((row) => row.indent + row.step.name + (row.needs.length ? ` +${row.needs.join()}` : ""))).toEqual([
    "load",
    "├─left",
    "└─right",
    "  └─right2",
    "    └─join +left",
  ]);
});

test("every step is shown once, even when needs are unknown or circular", () => {
  const steps = [step("a", "b"), step("b", "a"), step("c", "nowhere"), step("d", "d")];
  expect(
    treeRows(steps)
      .map((row) => row.step.name)
      .sort(),
  ).toEqual(["a", "b", "c", "d"]);
});

test("what a run stands in the way of is shown while it goes on", () => {
  const condition = {
    type: "DisruptionAllowed",
    status: "False" as const,
    reason: "R",
    message: "held",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  };
  const run = (finishedAt?: string): PipelineRun => ({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "r" },
    spec: { pipeline: { steps: [step("a")] } },
    status: {
      phase: "Running",
      conditions: [condition, { ...condition, type: "Valid", message: "bad" }],
      ...(finishedAt && { finishedAt }),
    },
  });
  expect(formatDag(run(), 0, plain)[1]).toBe("held");
  expect(formatDag(run("2026-01-01T00:00:00Z"), 0, plain)).toHaveLength(2);
});

test.each([
  ["in its order", (steps: Step[]) => steps],
  ["backwards", (steps: Step[]) => steps.toReversed()],
])("a chain of 5,000 steps, given %s, is drawn whole, and no wider than a screen", (_order, given) => {
  const chain = Array.from({ length: 5000 }, (_, index) => (index === 0 ? step("s0") : step(`s${index}`, `s${index - 1}`)));
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "long" },
    spec: { pipeline: { steps: given(chain) } },
  };
  const lines = formatDag(run, 0, plain);
  expect(treeRows(given(chain)).map((row) => row.step.name)).toEqual(chain.map(({ name }) => name));
  expect(lines.reduce((width, line) => Math.max(width, line.length), 0)).toBeLessThan(120);
  expect(lines[20]).toMatch(/^ {36}└─○ s19 .*Pending$/);
  expect(lines[5000]).toMatch(/^ {38}⋯ ○ s4999 .*Pending .*needs s4998$/);
});

test("of more lines than are wanted, the title and those from where the run has come to are given", () => {
  const steps = Array.from({ length: 9 }, (_, index) => step(`s${index}`));
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "wide" },
    spec: { pipeline: { steps } },
  };
  expect(formatDag(run, 0, plain, 10)).toHaveLength(10);
  expect(formatDag(run, 0, plain, 1)).toHaveLength(3);

  const at = (phases: Record<string, "Running" | "Succeeded">): string[] => {
    const entries = Object.entries(phases).map(([name, phase]) => [name, { phase }]);
    return formatDag({ ...run, status: { phase: "Running", steps: Object.fromEntries(entries) } } as PipelineRun, 0, plain, 4)
      .slice(1)
      .map((line) => line.replace(/ {2}.*/, ""));
  };
  expect(at({})).toEqual(["… 7 below", "○ s0", "○ s1"]);
  expect(at({ s0: "Succeeded", s4: "Running" })).toEqual(["… 3 above, 4 below", "○ s3", "● s4"]);
  expect(at({ s0: "Succeeded", s1: "Succeeded" })).toEqual(["… 1 above, 6 below", "✔ s1", "○ s2"]);
  expect(at(Object.fromEntries(steps.map(({ name }) => [name, "Succeeded"])))).toEqual(["… 7 above", "✔ s7", "✔ s8"]);
});

test("a run that stays pending is told to be nobody's", () => {
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "lone", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { pipelineRef: { name: "x" } },
  };
  expect(formatDag(run, Date.parse("2026-01-01T00:00:09Z"), plain)).toEqual(["lone  ○ Pending"]);
  expect(formatDag(run, Date.parse("2026-01-01T00:00:11Z"), plain)).toEqual([
    "lone  ○ Pending",
    "no controller has seen it yet: does one run, and work in this namespace?",
  ]);
});

test("a line tells a step's phase, items, duration, outputs and the reason of a failure", () => {
  const run = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "digits-1", namespace: "default" },
    spec: { pipeline: { steps: [step("load"), step("train", "load"), step("publish", "train")] } },
    status: {
      phase: "Failed",
      startedAt: "2026-01-01T00:00:00Z",
      finishedAt: "2026-01-01T00:00:12Z",
      message: "step train failed",
      steps: {
        load: { phase: "Succeeded", startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:02Z", outputs: { rows: "1797" } },
        train: {
          phase: "Failed",
          startedAt: "2026-01-01T00:00:02Z",
          finishedAt: "2026-01-01T00:00:12Z",
          items: { total: 9, succeeded: 8, failed: 1, active: 0 },
          message: "item 3: exit code 1",
        },
        publish: { phase: "Skipped" },
      },
    },
  } as PipelineRun;
  expect(formatDag(run, Date.parse("2026-01-01T01:00:00Z"), plain)).toEqual([
    "digits-1  ✖ Failed  12s",
    "step train failed",
    "✔ load         Succeeded                2.0s  rows=1797",
    "└─✖ train      Failed           8/9      10s  item 3: exit code 1",
    "  └─– publish  Skipped",
  ]);
});

test("nothing of a run moves a terminal's cursor: what isn't to be seen is written out", () => {
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "r" },
    spec: { pipeline: { steps: [step("a"), step("b")] } },
    status: {
      phase: "Running",
      message: "\u001b[2J",
      steps: { a: { phase: "Succeeded", outputs: { x: "\u001b]0;title\u0007" } }, b: { phase: "Failed", message: "\rok" } },
    } as PipelineRun["status"],
  };
  const before: PipelineRun = { ...run, status: {} };
  for (const lines of [formatDag(run, 0, plain), changes(before, run, plain)])
    // oxlint-disable-next-line no-control-regex -- these are what is looked for
    expect(lines.join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test("a run that is being deleted says so, and what holds it; of one that has ended, no step is still pending", () => {
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "r", deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.com/hold"] } as PipelineRun["metadata"],
    spec: { pipeline: { steps: [step("a")] } },
    status: { phase: "Cancelled", finishedAt: "2026-01-01T00:00:00Z" } as PipelineRun["status"],
  };
  expect(formatDag({ ...run, status: { phase: "Running" } }, 0, plain)[0]).toBe("r  ⊘ Deleting");
  const lines = formatDag(run, 0, plain);
  expect(lines[1]).toBe("it is being deleted, and nothing more is done for it; example.com/hold holds it");
  expect(lines.at(-1)).toMatch(/Skipped .*never ran/);
});

test("a step that makes an object is shown with its kind", () => {
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "r" },
    spec: {
      pipeline: {
        steps: [
          { name: "train", manifest: { apiVersion: "ray.io/v1", kind: "RayJob" } },
          { name: "sum", spark: {} },
        ],
        finally: [{ name: "tidy", manifest: { apiVersion: "batch/v1", kind: "Job" } }, step("tell")],
      },
    },
    status: { phase: "Running", steps: { train: { phase: "Running", message: "waits for a worker" } } },
  };
  const kinds = formatDag(run, 0, plain).map((line) => line.trim());
  expect(kinds.slice(1)).toEqual([
    expect.stringMatching(/train +Running .*waits for a worker.*  RayJob$/),
    expect.stringMatching(/sum +Pending .*  SparkApplication$/),
    expect.stringMatching(/tidy +Pending .*  finally, Job$/),
    expect.stringMatching(/tell +Pending .*  finally$/),
  ]);
});
