import type { PipelineRun, PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { place } from "./support/cluster.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({ name, image: "busybox", command: ["true"], ...more });
const spec = (pipeline: PipelineSpec): PipelineRun["spec"] => ({ pipeline });

test.concurrent.each<[what: string, metadata: { name?: string }, spec: PipelineRun["spec"], message: RegExp]>([
  [
    "a script beside a command",
    {},
    spec({ steps: [step("a", { script: "x" })] }),
    /in one of spec\.pipeline\.steps: give script or command, not both/,
  ],
  ["arguments of a script", {}, spec({ steps: [{ name: "a", image: "busybox", script: "x", args: ["y"] }] }), /args go with command/],
  ["two steps of one name", {}, spec({ steps: [step("a"), step("a")] }), /spec\.pipeline\.steps\[1\]: Duplicate value/],
  ["a step's name with two dashes together", {}, spec({ steps: [step("a--b")] }), /spec\.pipeline\.steps\[0\]\.name/],
  [
    "a run's name with two dashes together",
    { name: "a--b" },
    spec({ steps: [step("a")] }),
    /a run's name must be lower-case letters and digits, with single dashes/,
  ],
  ["a run's name that is too long for a label", { name: "a".repeat(64) }, spec({ steps: [step("a")] }), /at most 63 characters/],
  [
    "a run with a pipeline and a reference to one",
    {},
    { ...spec({ steps: [step("a")] }), pipelineRef: { name: "x" } },
    /give either pipeline or pipelineRef/,
  ],
  ["a run without a pipeline", {}, {}, /give either pipeline or pipelineRef/],
  ["a time that is none", {}, { ...spec({ steps: [step("a")] }), timeout: "soon" }, /spec\.timeout/],
  ["no steps at all", {}, spec({ steps: [] }), /spec\.pipeline\.steps/],
])("the API server refuses %s", async (_what, metadata, spec, message) => {
  const { client, namespace } = await place();
  const create = client("pipelineruns.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { namespace, generateName: "run-", ...metadata },
    spec,
  });
  await expect(create).rejects.toThrow(message);
});

test.concurrent("the API server takes a run of 1,000 steps, and its status may grow", async () => {
  const { client, namespace, start, until } = await place();
  const steps = Array.from({ length: 1_000 }, (_, index) =>
    step(`s${index}`, { if: "1 > 2", needs: index === 0 ? [] : [`s${index - 1}`] }),
  );
  const { metadata } = await start({ steps });
  const run = await until(metadata.name ?? "", ({ status }) => status?.finishedAt !== undefined);
  expect(run.status).toMatchObject({ phase: "Succeeded", progress: "1000/1000" });
  await client("pipelineruns.plimsoll.dev").delete({ namespace, name: metadata.name ?? "" });
});

test.concurrent("of a run only cancel can change, and that only to true", async () => {
  const { client, namespace, start } = await place();
  // No node has the label, so that the run stays.
  const params = { grid: [{ kernel: "rbf" }, 2], scale: 0.5 };
  const declared = [
    { name: "grid", type: "array" as const },
    { name: "scale", type: "number" as const },
  ];
  const { metadata } = await start(
    { pod: { nodeSelector: { none: "such" } }, params: declared, steps: [step("a", { forEach: [1, 2] })] },
    { timeout: "1h", params },
  );
  const patch = (spec: object): Promise<unknown> =>
    client("pipelineruns.plimsoll.dev").patch({ namespace, name: metadata.name ?? "" }, { spec });
  await expect(patch({ timeout: "2h" })).rejects.toThrow("a run's timeout can't change");
  await expect(patch({ timeout: null })).rejects.toThrow("a run's timeout can't change");
  await expect(patch({ pipeline: { steps: [step("a", { forEach: [1, 2, 3] })] } })).rejects.toThrow("a run's pipeline can't change");
  await expect(patch({ pipeline: null, pipelineRef: { name: "x" } })).rejects.toThrow("a run's pipeline can't change");
  for (const changed of [
    null,
    { scale: 0.6 },
    { scale: null },
    { more: 1 },
    { grid: [2, { kernel: "rbf" }] },
    { grid: [{ kernel: "linear" }, 2] },
  ]) {
    await expect(patch({ params: changed })).rejects.toThrow("a run's params can't change");
  }
  await patch({ cancel: true, params });
  await expect(patch({ cancel: false })).rejects.toThrow("a cancelled run can't be resumed");
});

test.concurrent("the rules of steps hold for a Pipeline too", async () => {
  const { client, namespace } = await place();
  const create = client("pipelines.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { namespace, name: "p" },
    spec: { steps: [step("a", { script: "x" })] },
  });
  await expect(create).rejects.toThrow(/spec\.steps\[0\].*give script or command, not both/);
});
