import type { PipelineRun, SizedTry, Step } from "@plimsoll/api";
import { up, type Cluster } from "@plimsoll/cluster";
import { valueOf } from "@plimsoll/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { plimsoll } from "./support/cli.ts";
import { place, simulated, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { started } from "./support/local-cluster.ts";

const mebi = 1024 ** 2;
let cluster: Cluster;
let controller: LocalController;
let own: Place;

beforeAll(async () => {
  cluster = await up({ name: started("auto"), metricsServer: true, simulatedNodes: 1 });
  const kubeconfig = await prepare(cluster, { features: ["pipelines", "rightsizing"] });
  controller = await startController({
    kubeconfig,
    folder: cluster.folder,
    config: { features: only({ pipelines: {}, rightsizing: {} }) },
  });
  own = await place(cluster.kubeconfig);
});
afterAll(async () => {
  await controller?.stop();
  await cluster?.down();
});

const auto = { min: { cpu: "10m", memory: "16Mi" }, max: { cpu: "500m", memory: "512Mi" } };

async function createPipeline(name: string, step: Omit<Step, "name" | "image">, more: object = {}, before: Step[] = []): Promise<void> {
  const params = [
    { name: "mebibytes", type: "integer" as const, default: 1 },
    { name: "seconds", type: "integer" as const, default: 0 },
  ];
  await own.client("pipelines.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { namespace: own.namespace, name },
    spec: { params, ...more, steps: [...before, { name: "load", image: "busybox", ...step }] },
  });
}

async function run(pipeline: string, name: string, params: object = {}): Promise<PipelineRun> {
  await own.start(undefined, { name, pipelineRef: { name: pipeline }, params: params as Record<string, unknown> });
  return own.ended(name);
}

const sizingOf = ({ status }: PipelineRun): readonly SizedTry[] => status?.steps?.["load"]?.sizing ?? [];
const remembered = async (name: string) =>
  (await own.client("pipelines.plimsoll.dev").get({ namespace: own.namespace, name })).status?.sizing?.["load"]?.[0]?.tries ?? [];

test("the first run gets the most, the next what the first was seen to use, and where that is too little a killed pod gets twice as much at least", async () => {
  // What tail keeps, it lets go at the end of its input.
  const script = "(head -c ${{ params.mebibytes }}m /dev/zero; sleep ${{ params.seconds }}) | tail > /dev/null";
  await createPipeline("grows", { script, resources: { auto } });
  const first = await run("grows", "first", { mebibytes: 100, seconds: 60 });
  expect(first.status?.phase).toBe("Succeeded");
  const [measured] = sizingOf(first);
  expect(measured).toMatchObject({ try: 1, memory: "512Mi", cpu: "500m", basis: "Nothing", used: expect.any(String) as string });
  const peak = valueOf(measured?.peak ?? 0);
  expect(peak).toBeGreaterThan(90 * mebi);
  expect(peak).toBeLessThan(230 * mebi);

  const second = await run("grows", "second", { mebibytes: 300 });
  const [less, twice] = sizingOf(second);
  const given = valueOf(less?.memory ?? 0);
  expect(less).toMatchObject({ try: 1, basis: "Measured", killed: true });
  expect(given).toBeGreaterThan(peak);
  expect(given).toBeLessThan(300 * mebi);
  // More, where what is known by now says so.
  expect(twice?.try).toBe(2);
  expect(valueOf(twice?.memory ?? 0)).toBeGreaterThanOrEqual(Math.min(512 * mebi, 2 * given));
  // The step has no retry.
  expect(second.status?.phase).toBe("Succeeded");
  expect(sizingOf(second)).toHaveLength(2);

  const third = await run("grows", "third", { mebibytes: 700 });
  expect(third.status?.phase).toBe("Failed");
  expect(third.status?.steps?.["load"]?.message).toBe(
    "out of memory (OOMKilled) with 512Mi, all that resources.auto.max.memory allows: raise it",
  );
  expect((await remembered("grows")).map(({ memory }) => memory)).toEqual(
    [first, second, third].flatMap(sizingOf).map(({ memory }) => memory),
  );
  const shown = await plimsoll(["get", "first", "-n", own.namespace], { kubeconfig: cluster.kubeconfig });
  expect(shown.stdout).toMatch(/load +Succeeded .* memory \d+Mi of 512Mi \(Nothing\)/);
  const told = await Array.fromAsync(own.client("events.events.k8s.io").list({ namespace: own.namespace }));
  expect(told.map(({ note }) => note)).toContainEqual(
    expect.stringMatching(/^step load: out of memory \(OOMKilled\) with \d+Mi: it gets \d+Mi at least$/),
  );
});

test("what is over before it can be measured gets half as much each time, until it is killed for that and gets more", async () => {
  const script = "head -c ${{ params.mebibytes }}m /dev/zero | tail > /dev/null";
  await createPipeline("short", { script, resources: { auto: { ...auto, max: { memory: "256Mi" }, min: { memory: "16Mi" } } } });
  const limits: string[] = [];
  for (const name of ["one", "two", "three", "four"]) {
    const ended = await run("short", `short-${name}`, { mebibytes: 50 });
    expect(ended.status?.phase).toBe("Succeeded");
    for (const { peak, memory, basis, killed = false } of sizingOf(ended)) {
      expect([peak, basis === "Measured"]).toEqual([undefined, false]);
      limits.push(killed ? `${memory} killed` : memory);
    }
  }
  // Of 50 MiB, tail needs up to twice as much.
  expect(limits.slice(0, 2)).toEqual(["256Mi", "128Mi"]);
  expect(limits.some((limit) => limit.endsWith("killed"))).toBe(true);
});

test("what one run has learned by its end, a step goes by that another run had yet to start", async () => {
  const script = '[ "${{ params.seconds }}" = 0 ] && exit 0; while [ ! -e /tmp/go ]; do sleep 0.2; done';
  await createPipeline("shared", { needs: ["gate"], command: ["true"], resources: { auto } }, {}, [
    { name: "gate", image: "busybox", script },
  ]);
  const { client, namespace } = own;
  await own.start(undefined, { name: "waits", pipelineRef: { name: "shared" }, params: { seconds: 1 } });
  const runs = async () => (await Array.fromAsync(client("pods").list({ namespace }))).filter(({ status }) => status?.phase === "Running");
  await expect.poll(async () => (await runs()).length, { timeout: 120_000, interval: 200 }).toBe(1);
  const [{ metadata: { name: gate = "" } = {} } = {}] = await runs();
  expect(sizingOf(await run("shared", "ends"))).toMatchObject([{ basis: "Nothing", memory: "512Mi" }]);
  await kubectlOf(cluster.kubeconfig)("exec", gate, "-n", namespace, "--", "touch", "/tmp/go");
  expect(sizingOf(await own.ended("waits"))).toMatchObject([{ basis: "Limits", memory: "256Mi" }]);
});

test("parallel runs of one Pipeline all are remembered, and one that is deleted meanwhile keeps no run from its end", async () => {
  await createPipeline("many", { command: ["true"], forEach: [1, 2, 3], resources: { auto } }, { pod: simulated });
  const names = Array.from({ length: 8 }, (_, index) => `many-${index}`);
  const ended = await Promise.all(names.map((name) => run("many", name)));
  expect(ended.map(({ status }) => status?.phase)).toEqual(names.map(() => "Succeeded"));
  const pods = await remembered("many");
  expect(new Set(pods.map(({ pod }) => pod)).size).toBe(24);

  const waits = { nodeSelector: { type: "kwok", none: "such" }, tolerations: simulated.tolerations };
  await createPipeline("gone", { command: ["true"], timeout: "10s", resources: { auto } }, { pod: waits });
  await own.start(undefined, { name: "orphan", pipelineRef: { name: "gone" } });
  await own.until("orphan", ({ status }) => status?.steps?.["load"] !== undefined);
  await own.client("pipelines.plimsoll.dev").delete({ namespace: own.namespace, name: "gone" });
  expect((await own.ended("orphan")).status?.phase).toBe("Failed");
});

test("what can't be is refused by the API server, and what somebody has written into the status is left out, and told", async () => {
  const both = { auto, limits: { memory: "1Gi" } };
  await expect(createPipeline("both", { command: ["true"], resources: both })).rejects.toThrow("stands beside resources.auto");
  await expect(createPipeline("least", { command: ["true"], resources: { auto: { max: {} } } as never })).rejects.toThrow("max.memory");
  await createPipeline("edited", { command: ["true"], resources: { auto } }, { pod: simulated });
  const tries = [{ pod: "edited", memory: "lots" }];
  const sizing = { load: [{ updatedAt: "2026-01-01T00:00:00Z", tries }] };
  const { client, namespace } = own;
  await client("pipelines.plimsoll.dev/status").patch({ namespace, name: "edited" }, { status: { sizing } });
  const ended = await run("edited", "after-edit");
  expect(sizingOf(ended)).toMatchObject([{ basis: "Nothing", memory: "512Mi" }]);
  expect((await remembered("edited")).map(({ memory }) => memory)).toEqual(["512Mi"]);
  await expect
    .poll(async () => (await Array.fromAsync(client("events.events.k8s.io").list({ namespace }))).map(({ reason }) => reason), {
      timeout: 120_000,
    })
    .toContain("SizingUnreadable");
});
