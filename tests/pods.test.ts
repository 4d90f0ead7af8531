import type { Step } from "@plimsoll/api";
import { expect, test, vi } from "vitest";
import { idlePod, place, simulated } from "./support/cluster.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script === undefined ? { command: ["true"] } : {}),
  ...more,
});

test.concurrent("a pod that somebody deletes is made again, and that is told", async () => {
  const { client, namespace, start, until } = await place();
  const run = await start({ pod: { nodeSelector: { type: "none" } }, steps: [step("a")] });
  const name = run.metadata.name ?? "";
  await until(name, ({ status }) => status?.steps?.["a"]?.phase === "Running");
  await client("pods").delete({ namespace, name: `${name}--a--1` });
  const { status } = await until(
    name,
    ({ status }) => status?.steps?.["a"]?.retries?.[0]?.retryAt === undefined && status?.steps?.["a"]?.tries !== undefined,
  );
  expect(status?.steps?.["a"]?.tries).toMatchObject([{ try: 1, reason: "Deleted", message: "its pod was deleted before it started" }]);
  expect((await client("pods").get({ namespace, name: `${name}--a--2` })).metadata.deletionTimestamp).toBeUndefined();
});

test.concurrent("a step whose pod's node is removed is tried again, and that is told as a disruption", async () => {
  const { client, namespace, start, until } = await place();
  const node = `gone-${namespace}`;
  const { spec = {} } = await client("nodes").get({ name: "kwok-0" });
  await client("nodes").create({
    metadata: { name: node, labels: { own: node }, annotations: { "kwok.x-k8s.io/node": "fake" } },
    spec: { taints: spec.taints ?? [] },
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "10" }, capacity: { cpu: "4", memory: "8Gi", pods: "10" } },
  });
  const annotations = { "simulated.plimsoll.dev/outcome": "run" };
  const run = await start({ pod: { nodeSelector: { own: node }, tolerations: simulated.tolerations, annotations }, steps: [step("a")] });
  const name = run.metadata.name ?? "";
  const first = { namespace, name: `${name}--a--1` };
  await vi.waitFor(async () => expect((await client("pods").get(first)).status?.phase).toBe("Running"), {
    timeout: 120_000,
    interval: 200,
  });
  await client("nodes").delete({ name: node });
  const { status } = await until(name, ({ status }) => status?.steps?.["a"]?.tries !== undefined);
  expect(status?.steps?.["a"]?.tries).toMatchObject([{ try: 1, reason: "Disruption", message: expect.stringContaining("node") as string }]);
  await until(name, ({ status }) => status?.steps?.["a"]?.message?.includes("nodes are available") ?? false);
  expect((await client("pods").get({ namespace, name: `${name}--a--2` })).metadata.deletionTimestamp).toBeUndefined();
  await client("pipelineruns.plimsoll.dev").patch({ namespace, name }, { spec: { cancel: true } });
  await until(name, ({ status }) => status?.phase === "Cancelled");
});

test.concurrent("a run whose pods a budget never lets be evicted says so, and that it is over when the budget is", async () => {
  const { client, namespace, start, until } = await place();
  const pod = { ...simulated, labels: { team: "a" }, annotations: { "simulated.plimsoll.dev/outcome": "run" } };
  const run = await start({ pod, steps: [step("a")] });
  const name = run.metadata.name ?? "";
  const first = { namespace, name: `${name}--a--1` };
  await vi.waitFor(async () => expect((await client("pods").get(first)).status?.phase).toBe("Running"), {
    timeout: 120_000,
    interval: 200,
  });
  const budget = { namespace, name: "team" };
  await client("poddisruptionbudgets.policy").create({
    metadata: budget,
    spec: { selector: { matchLabels: { team: "a" } }, maxUnavailable: "50%" },
  });
  const allowed = (status: string) =>
    until(name, (run) => run.status?.conditions?.find(({ type }) => type === "DisruptionAllowed")?.status === status);
  const { status } = await allowed("False");
  expect(status?.conditions?.map(({ type }) => type)).toEqual(["Valid", "DisruptionAllowed"]);
  expect(status?.conditions?.[1]?.message).toMatch(/"team" \(maxUnavailable: 50%\) selects the pods of step a;/);
  // Kubernetes says so, too.
  await vi.waitFor(
    async () => {
      const { status } = await client("poddisruptionbudgets.policy").get(budget);
      expect(status?.conditions).toMatchObject([{ type: "DisruptionAllowed", status: "False", reason: "SyncFailed" }]);
    },
    { timeout: 120_000, interval: 200 },
  );
  await client("poddisruptionbudgets.policy").delete(budget);
  await allowed("True");
  await client("pods/eviction").create({ metadata: first });
  await until(name, ({ status }) => status?.steps?.["a"]?.tries?.[0]?.reason === "Disruption");
});

test.concurrent(
  "an object of another that has a pod's name is left alone, the run says that it waits for it, and goes on when it is gone",
  async () => {
    const { client, namespace, start, until, ended } = await place();
    const old = await start({ pod: { nodeSelector: { type: "none" } }, steps: [step("a")] }, { name: "again" });
    await until("again", ({ status }) => status?.steps?.["a"]?.phase === "Running");
    const pod = { namespace, name: "again--a--1" };
    // The garbage collector may come at once, or only when it has learned of this cluster's new kinds.
    await client("pods").patch(pod, { metadata: { finalizers: ["tests.plimsoll.dev/hold"] } });
    await client("pipelineruns.plimsoll.dev").delete({ namespace, name: "again" }, { preconditions: { uid: old.metadata.uid ?? "" } });
    const run = await start({ pod: simulated, steps: [step("a")] }, { name: "again" });
    expect(run.metadata.uid).not.toBe(old.metadata.uid);
    const why = `"again--a--1" exists already and is not this run's: delete it, or wait until it is gone`;
    const waits = await until("again", ({ status }) => status?.message === why);
    expect(waits.status?.steps).toMatchObject({ a: { phase: "Pending", message: why } });
    await client("pods").delete(pod);
    await client("pods").patch(pod, { metadata: { finalizers: null } });
    const { status } = await ended("again");
    expect(status?.phase).toBe("Succeeded");
    expect(status).not.toHaveProperty("message");
  },
);

test.concurrent("a run that waits until its time is over says that, and what it waited for", async () => {
  const { client, namespace, start, until, ended } = await place();
  await client("pods").create(idlePod(namespace, "late--a--1"));
  // Time enough for what it waits for to be written before.
  await start({ timeout: "15s", pod: simulated, steps: [step("a")] }, { name: "late" });
  await until("late", ({ status }) => status?.message?.startsWith('"late--a--1" exists already') ?? false);
  expect((await ended("late")).status).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^the run took longer than its timeout of 15s; step a: "late--a--1" exists already/) as string,
  });
});

test.concurrent("a workspace that the API server refuses fails the step that needs it, with its words", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start({ pod: simulated, workspace: { size: "0" }, steps: [step("a"), step("b", { needs: ["a"] })] });
  const { status } = await ended(run.metadata.name ?? "");
  expect(status).toMatchObject({
    phase: "Failed",
    steps: {
      a: {
        phase: "Failed",
        message: expect.stringMatching(/^the API server refuses the workspace: .*must be greater than zero/) as string,
      },
      b: { phase: "Skipped" },
    },
  });
  expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]);
});

test.concurrent("a pod that the API server refuses for good fails its step, with its words", async () => {
  const { start, ended } = await place();
  const run = await start({
    pod: simulated,
    steps: [step("a", { resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } })],
  });
  expect((await ended(run.metadata.name ?? "")).status?.steps?.["a"]).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^the API server refuses its pod: .*memory/) as string,
  });
});

test.concurrent("a pod that would come late and be refused ends its run before anything starts, with the user's own field", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start({
    pod: simulated,
    steps: [step("a"), step("b", { needs: ["a"], resources: { requests: { cpu: 2 }, limits: { cpu: 1 } } }), step("c", { needs: ["a"] })],
  });
  const message =
    /spec\.pipeline\.steps\[1\]: the API server refuses its pod: spec\.pipeline\.steps\[1\]\.resources\.requests: Invalid value: "2"/;
  expect((await ended(run.metadata.name ?? "")).status).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(message) as string,
    conditions: [{ type: "Valid", status: "False" }],
  });
  expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]);
});

test.concurrent("the steps of finally run after a failure, and are told of it; a step that may fail fails nothing", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start({
    pod: simulated,
    steps: [
      step("a", {
        pod: { annotations: { "simulated.plimsoll.dev/outcome": "fail" } },
        retry: { limit: 1, backoff: { initial: "1s" } },
      } as Partial<Step>),
      step("b", { needs: ["a"] }),
    ],
    finally: [step("tell", { script: "echo ${{ run.outcome }} ${{ steps.b.phase }}" })],
  });
  const name = run.metadata.name ?? "";
  expect((await ended(name)).status).toMatchObject({
    phase: "Failed",
    outcome: { phase: "Failed" },
    message: "step a failed: exit code 1",
    steps: {
      a: { tries: [{ try: 1, reason: "ExitCode", exitCode: 1 }, { try: 2 }] },
      b: { phase: "Skipped" },
      tell: { phase: "Succeeded" },
    },
  });
  const tell = await client("pods").get({ namespace, name: `${name}--tell--1` });
  expect(tell.metadata.annotations?.["plimsoll.dev/script"]).toBe("echo Failed Skipped");
});

test.concurrent(
  "of the pods that have ended only those stay that are to be kept, and a run goes when its time to live is over",
  async () => {
    const { client, namespace, start, ended, gone } = await place();
    const steps = [step("a"), step("b", { needs: ["a"] })];
    const run = await start({ pod: simulated, keepPods: "never", ttl: { succeeded: "5s", failed: "1h" }, steps });
    const name = run.metadata.name ?? "";
    expect((await ended(name)).status?.phase).toBe("Succeeded");
    await vi.waitFor(async () => expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]), {
      timeout: 120_000,
      interval: 200,
    });
    await gone(name);
  },
);
