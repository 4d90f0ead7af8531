import type { Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { phases, place, simulated } from "./support/cluster.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script === undefined ? { command: ["true"] } : {}),
  ...more,
});

test.concurrent("a diamond with fan-outs runs to its end, a pod for each item, and makes nothing else", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start({
    pod: simulated,
    steps: [
      step("load"),
      step("scripts", { needs: ["load"], script: "echo ${{ item }}", forEach: ["a", "b", "c"] }),
      step("commands", { needs: ["load"], command: ["echo", "${{ item }}"], forEach: [1, 2, 3, 4], parallelism: 2 }),
      step("join", { needs: ["scripts", "commands"] }),
    ],
  });
  const { status } = await ended(run.metadata.name ?? "");
  expect(status).toMatchObject({
    phase: "Succeeded",
    progress: "4/4",
    steps: { scripts: { items: { total: 3, succeeded: 3 } }, commands: { items: { total: 4, succeeded: 4 } } },
    conditions: [{ type: "Valid", status: "True" }],
  });
  const pods = await Array.fromAsync(client("pods").list({ namespace }));
  expect(pods.map(({ metadata }) => metadata.name.replace(`${run.metadata.name}--`, "")).sort()).toEqual([
    "commands--0--1",
    "commands--1--1",
    "commands--2--1",
    "commands--3--1",
    "join--1",
    "load--1",
    "scripts--0--1",
    "scripts--1--1",
    "scripts--2--1",
  ]);
  const scripts = pods.filter(({ metadata }) => metadata.labels?.["plimsoll.dev/step"] === "scripts");
  expect(scripts.map(({ metadata }) => metadata.annotations?.["plimsoll.dev/script"]).sort()).toEqual(
    ["a", "b", "c"].map((item) => `echo ${item}`),
  );
  expect(await Array.fromAsync(client("configmaps").list({ namespace, labelSelector: "plimsoll.dev/run" }))).toEqual([]);
});

test.concurrent(
  "a false condition skips its step and what needs it, and a condition of its own makes a step run all the same",
  async () => {
    const { start, ended } = await place();
    const run = await start(
      {
        pod: simulated,
        params: [{ name: "deep", type: "boolean", default: true }],
        steps: [
          step("a", { if: "params.deep" }),
          step("b", { needs: ["a"] }),
          step("c", { needs: ["b"], if: 'steps.b.phase == "Skipped"' }),
        ],
      },
      { params: { deep: false } },
    );
    const { status } = await ended(run.metadata.name ?? "");
    expect(status?.phase).toBe("Succeeded");
    expect(status?.steps).toMatchObject({
      a: { phase: "Skipped", message: "its condition is false" },
      b: { phase: "Skipped", message: "needs a, which was skipped" },
      c: { phase: "Succeeded" },
    });
  },
);

test.concurrent.each<[what: string, steps: Step[], message: RegExp]>([
  [
    "a circle of needs",
    [step("a", { needs: ["b"] }), step("b", { needs: ["a"] })],
    /spec\.pipeline\.steps\[0\]\.needs: the steps need each other in a circle: a → b → a/,
  ],
  ["a step that needs itself", [step("a", { needs: ["a"] })], /spec\.pipeline\.steps\[0\].*a step can't need itself/],
  ["an unknown need", [step("a", { needs: ["z"] })], /spec\.pipeline\.steps\[0\]\.needs\[0\]: there is no step "z"/],
  ["a bad expression", [step("a", { if: "1 +" })], /spec\.pipeline\.steps\[0\]\.if: /],
  [
    "items that are no list",
    [step("a", { forEach: "x", command: ["${{ item }}"] })],
    /spec\.pipeline\.steps\[0\]\.forEach: "x" is not a list/,
  ],
])("%s is told with its field and remedy, and nothing is created", async (_what, steps, message) => {
  const { client, namespace, start, ended } = await place();
  const run = await start({ pod: simulated, steps });
  const { status } = await ended(run.metadata.name ?? "");
  expect(status).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(message) as string,
    conditions: [{ type: "Valid", status: "False", message: expect.stringMatching(message) as string }],
  });
  expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]);
});

test.concurrent("an output that never came fails the step that wants it, says which, and the run's condition with it", async () => {
  const { start, ended } = await place();
  const run = await start({
    pod: simulated,
    steps: [step("a"), step("b", { needs: ["a"], command: ["echo", "${{ steps.a.outputs.rows }}"] })],
  });
  const { status } = await ended(run.metadata.name ?? "");
  expect(phases({ status } as typeof run)).toEqual({ a: "Succeeded", b: "Failed" });
  expect(status?.steps?.["b"]?.message).toMatch(/rows/);
  expect(status?.conditions).toMatchObject([
    { type: "Valid", status: "False", message: expect.stringMatching(/spec\.pipeline\.steps\[1\]\.command\[1\]: .*rows/) as string },
  ]);
});

test.concurrent("the API server refuses what the schema can tell, and names the field", async () => {
  const { start } = await place();
  await expect(start({ steps: [step("a", { script: "true", command: ["true"] })] })).rejects.toThrow(/give script or command, not both/);
  await expect(start({ steps: [step("A")] })).rejects.toThrow(/spec\.pipeline\.steps\[0\]\.name/);
  await expect(start({ steps: [step("a"), step("a")] })).rejects.toThrow(/Duplicate value/);
  await expect(start({ steps: [step("a")] }, { pipelineRef: { name: "x" } })).rejects.toThrow(/either pipeline or pipelineRef/);
  await expect(start({ steps: [step("a")] }, { name: "r".repeat(64) })).rejects.toThrow(/at most 63 characters/);
});

test.concurrent("a run's pipeline can't be changed, and its cancellation can't be taken back", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start({ pod: simulated, steps: [step("a")] }, { name: "fixed", cancel: true });
  await expect(
    client("pipelineruns.plimsoll.dev").patch({ namespace, name: "fixed" }, { spec: { pipeline: { steps: [step("b")] } } }),
  ).rejects.toThrow(/a run's pipeline can't change/);
  await expect(client("pipelineruns.plimsoll.dev").patch({ namespace, name: "fixed" }, { spec: { cancel: false } })).rejects.toThrow(
    /can't be resumed/,
  );
  expect((await ended(run.metadata.name ?? "")).status?.phase).toBe("Cancelled");
});

test.concurrent("a run of a Pipeline by name keeps to the Pipeline as it was when the run started", async () => {
  const { client, namespace, until, ended } = await place();
  const spec = {
    pod: simulated,
    params: [{ name: "x" as const }],
    steps: [step("a", { command: ["echo", "${{ params.x }}"] }), step("b", { needs: ["a"] })],
  };
  await client("pipelines.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { namespace, name: "p" },
    spec,
  });
  await client("pipelineruns.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { namespace, name: "r" },
    spec: { pipelineRef: { name: "p" }, params: { x: "1" } },
  });
  await until("r", ({ status }) => status?.pipeline !== undefined);
  await client("pipelines.plimsoll.dev").delete({ namespace, name: "p" });
  const { status } = await ended("r");
  expect(status).toMatchObject({ phase: "Succeeded", pipeline: { steps: [{ name: "a" }, { name: "b" }] } });
});

test.concurrent("a run of a Pipeline that isn't there says so", async () => {
  const { client, namespace, ended } = await place();
  await client("pipelineruns.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { namespace, name: "r" },
    spec: { pipelineRef: { name: "nowhere" } },
  });
  expect((await ended("r")).status?.message).toBe(
    `spec.pipelineRef.name: there is no Pipeline "nowhere" in namespace "${namespace}": create it, then start another run`,
  );
});

test.concurrent(
  "a step that no node can take says why while it waits, and a cancelled run leaves no pod that runs, and keeps why it waited",
  async () => {
    const { client, namespace, start, until, ended } = await place();
    const run = await start({ pod: { nodeSelector: { type: "none" } }, steps: [step("a"), step("b", { needs: ["a"] })] });
    const name = run.metadata.name ?? "";
    await until(name, ({ status }) => /^unschedulable: .*didn't match/.test(status?.steps?.["a"]?.message ?? ""));
    await client("pipelineruns.plimsoll.dev").patch({ namespace, name }, { spec: { cancel: true } });
    const { status } = await ended(name);
    const why = expect.stringMatching(/unschedulable: .*didn't match/) as string;
    expect(status).toMatchObject({ phase: "Cancelled", message: why, steps: { a: { phase: "Cancelled", message: why } } });
    expect(status?.steps?.["b"]).toBeUndefined();
    expect(
      (await Array.fromAsync(client("pods").list({ namespace }))).filter(({ metadata }) => metadata.deletionTimestamp === undefined),
    ).toEqual([]);
  },
);

test.concurrent("a step and a run end when their time is over", async () => {
  const { start, ended } = await place();
  const waiting = { pod: { nodeSelector: { type: "none" } } };
  const [slowStep, slowRun] = await Promise.all([
    start({ ...waiting, steps: [step("a", { timeout: "2s" })] }),
    // Time enough for its step to be started before.
    start({ ...waiting, timeout: "15s", steps: [step("a")] }),
  ]);
  const [stepEnded, runEnded] = await Promise.all([slowStep, slowRun].map((run) => ended(run.metadata.name ?? "")));
  expect(stepEnded?.status).toMatchObject({
    phase: "Failed",
    steps: { a: { phase: "Failed", message: expect.stringMatching(/^took longer than its timeout of 2s/) as string } },
  });
  expect(runEnded?.status).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^the run took longer than its timeout of 15s/) as string,
    steps: { a: { phase: "Cancelled" } },
  });
});
