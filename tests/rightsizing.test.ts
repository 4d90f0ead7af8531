import { mostSizedContainers, type RightSizingPolicy } from "@plimsoll/api";
import { up, type Cluster } from "@plimsoll/cluster";
import { fullLedger } from "@plimsoll/features/rightsizing/testing";
import { milliOf, valueOf } from "@plimsoll/model";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { plimsoll } from "./support/cli.ts";
import { idlePod, place, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { started } from "./support/local-cluster.ts";
import { adviceOf, createPolicy, deployReal, saysOf, untilPolicy } from "./support/sizing.ts";

let cluster: Cluster;
let controller: LocalController;
let own: Place;
let start: () => Promise<LocalController>;

beforeAll(async () => {
  cluster = await up({ name: started("sized"), metricsServer: true, simulatedNodes: 1 });
  const kubeconfig = await prepare(cluster, { features: ["rightsizing"] });
  // What isn't urgent is written at the end alone.
  const config = { features: only({ rightsizing: { interval: "2s", checkpointInterval: "1h" } }) };
  start = () => startController({ kubeconfig, folder: cluster.folder, config });
  controller = await start();
  own = await place(cluster.kubeconfig);
});
afterAll(async () => {
  await controller?.stop();
  await cluster?.down();
});

test("what real pods use is recommended, an OOM kill counts, and what was never seen gets no recommendation", async () => {
  const { client, namespace } = own;
  const burning = ["sh", "-c", "while true; do :; done"];
  await deployReal(own, "burns", { command: burning, resources: { requests: { cpu: "10m", memory: "512Mi" } } });
  const little = { requests: { memory: "32Mi" }, limits: { memory: "64Mi" } };
  await deployReal(own, "hungry", { command: ["tail", "/dev/zero"], resources: little });
  const annotations = { "plimsoll.dev/right-sizing": "ignore" };
  await deployReal(own, "private", { command: ["sleep", "100000"], resources: { requests: { cpu: "1" } }, metadata: { annotations } });
  await client("pods").create(idlePod(namespace, "waits"));
  await createPolicy(own, "all", { limits: "keep" });
  const policy = await untilPolicy(
    own,
    "all",
    (policy) => {
      const [burns, hungry] = [adviceOf(policy, "Deployment/burns app"), adviceOf(policy, "Deployment/hungry app")];
      return burns?.target !== undefined && milliOf(burns.target.cpu ?? 0) > 100 && (hungry?.oomKills ?? 0) > 0;
    },
    180,
  );
  expect(saysOf(policy, "Valid")).toMatch(/^True\//);
  expect(saysOf(policy, "MetricsAvailable")).toBe("True/Answers: metrics.k8s.io answers");
  const burns = adviceOf(policy, "Deployment/burns app");
  expect(burns).toMatchObject({ pods: 1, current: { cpu: "10m", memory: "512Mi" }, reason: "Recommended" });
  expect(valueOf(burns?.target?.memory ?? 0)).toBeLessThan(512 * 1024 ** 2);
  expect(burns?.samples).toBeGreaterThan(0);
  expect(burns?.confidence).toBeGreaterThanOrEqual(0);
  expect(burns?.confidence).toBeLessThan(10);
  expect(adviceOf(policy, "Deployment/private app")).toMatchObject({ reason: "OptedOut", samples: expect.any(Number) as number });
  expect(adviceOf(policy, "Deployment/private app")).not.toHaveProperty("target");
  const waits = adviceOf(policy, "Pod/waits x");
  expect(waits).toMatchObject({ reason: "NoSamples", samples: 0, confidence: 0 });
  expect(waits).not.toHaveProperty("target");
});

test("a restart keeps all that was known: samples, since when, OOM kills and the memory that they ask for", async () => {
  const read = () => own.client("rightsizingpolicies.plimsoll.dev").get({ namespace: own.namespace, name: "all" });
  // What wasn't urgent is written at the end.
  await controller.stop();
  const before = await read();
  controller = await start();
  await controller.stop();
  const after = await read();
  controller = await start();
  for (const title of ["Deployment/burns app", "Deployment/hungry app"]) {
    const [was, is] = [adviceOf(before, title), adviceOf(after, title)];
    expect(is?.since).toBe(was?.since);
    expect(is?.samples).toBeGreaterThanOrEqual(was?.samples ?? Infinity);
    expect(is?.oomKills ?? 0).toBeGreaterThanOrEqual(was?.oomKills ?? 0);
  }
  // By the kill at 64Mi, whether or not any use was seen: without it, next to nothing.
  const { state } = after.status?.checkpoints?.find(({ key }) => key.includes("/hungry/")) ?? {};
  expect(state).toBeDefined();
  expect(adviceOf(before, "Deployment/burns app")?.samples).toBeGreaterThan(0);
});

test("a process that stands by takes over from one that is killed with all that was known", async () => {
  const read = () => own.client("rightsizingpolicies.plimsoll.dev").get({ namespace: own.namespace, name: "all" });
  const standby = await start();
  const before = await read();
  process.kill(controller.pid, "SIGKILL");
  await controller.ended;
  controller = standby;
  // What is new is written at once, with all else that is known.
  await deployReal(own, "newcomer", { command: ["sleep", "100000"], resources: { requests: { cpu: "10m" } } });
  const after = await untilPolicy(own, "all", (policy) => adviceOf(policy, "Deployment/newcomer app") !== undefined, 240);
  const peakIn = (policy: RightSizingPolicy): number => {
    const { state = "" } = policy.status?.checkpoints?.find(({ key }) => key.includes("/burns/")) ?? {};
    return (JSON.parse(state) as { history: { window: { peak: number } } }).history.window.peak;
  };
  expect(peakIn(after)).toBeGreaterThanOrEqual(peakIn(before));
  for (const title of ["Deployment/burns app", "Deployment/hungry app"]) {
    const [was, is] = [adviceOf(before, title), adviceOf(after, title)];
    expect(is?.since).toBe(was?.since);
    expect(is?.samples).toBeGreaterThanOrEqual(was?.samples ?? Infinity);
    expect(is?.oomKills ?? 0).toBeGreaterThanOrEqual(was?.oomKills ?? 0);
  }
});

test("without metrics.k8s.io, the condition says so and recommendations stay; when it answers again, that is said, too", async () => {
  const kubectl = kubectlOf(cluster.kubeconfig);
  const service = JSON.parse(await kubectl("get", "apiservice", "v1beta1.metrics.k8s.io", "-o", "json")) as { spec: object };
  await kubectl("delete", "apiservice", "v1beta1.metrics.k8s.io");
  const away = await untilPolicy(own, "all", (policy) => saysOf(policy, "MetricsAvailable").startsWith("False/NotAnswering"));
  expect(saysOf(away, "MetricsAvailable")).toContain("recommendations stay as they are");
  expect(adviceOf(away, "Deployment/burns app")?.target).toBeDefined();
  const path = join(cluster.folder, "apiservice.json");
  const metadata = { name: "v1beta1.metrics.k8s.io" };
  writeFileSync(path, JSON.stringify({ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata, spec: service.spec }));
  await kubectl("apply", "-f", path);
  await untilPolicy(own, "all", (policy) => saysOf(policy, "MetricsAvailable").startsWith("True/"));
});

test("plimsoll rightsizing shows what would be saved, also in money", async () => {
  const { kubeconfig } = cluster;
  const { namespace } = own;
  const table = await plimsoll(["rightsizing", "-n", namespace], { kubeconfig });
  expect(table.code).toBe(0);
  expect(table.stdout).toMatch(/^NAMESPACE +KIND +NAME +CONTAINER +PODS +CPU +MEMORY +CPU SAVED +MEMORY SAVED +CONFIDENCE +REASON\n/);
  expect(table.stdout).toMatch(/\n\S+ +Deployment +burns +app +1 +10m → \d+m? +512Mi → \d+Mi +-\d+m? +\d+Mi +\d%/);
  const prices = { input: "{version: plimsoll.dev/prices/v1, prices: [{perHour: 1}]}", kubeconfig };
  const { code, stdout, stderr } = await plimsoll(["rightsizing", "-A", "--by", "namespace", "--prices", "-", "-o", "json"], prices);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { currency, rows } = JSON.parse(stdout) as { currency: string; rows: { namespace: string; saved_per_hour: number }[] };
  expect(currency).toBe("USD");
  expect(rows).toMatchObject([{ namespace, containers: 5, saved_per_hour: expect.any(Number) as number }]);
  const csv = await plimsoll(["rightsizing", "-n", namespace, "--by", "workload", "-o", "csv"], { kubeconfig });
  expect(csv.stdout).toMatch(/^namespace,kind,name,step,recommended,containers,pods,cpu_requested,cpu_target,/);
  expect(await plimsoll(["rightsizing", "-n", namespace, "--by", "node"], { kubeconfig })).toMatchObject({ code: 2 });
  expect(await plimsoll(["rightsizing", "-n", "nowhere"], { kubeconfig })).toMatchObject({
    code: 0,
    stdout: "",
    stderr: 'No RightSizingPolicies found in namespace "nowhere": docs/rightsizing.md has one to begin with.\n',
  });
});

test("a policy of as many containers as there can be, with all that can be known of them, is written, and says what it has no room for", async () => {
  const { client, namespace } = own;
  const ledger = fullLedger(namespace, mostSizedContainers, Date.now(), "usual");
  const keys = ledger.sized().map(({ key }) => key);
  await createPolicy(own, "full", { selector: { matchLabels: { app: "nothing" } } });
  // In parts, as another process might have written them: all have no room at once.
  for (let rest: string[] = keys; rest.length > 0;) {
    const { checkpoints } = ledger.checkpoints(rest);
    await client("rightsizingpolicies.plimsoll.dev/status").patch({ namespace, name: "full" }, { status: { checkpoints } });
    const taken = new Set(checkpoints.map(({ key }) => key));
    rest = rest.filter((key) => !taken.has(key));
    const known = keys.length - rest.length;
    await untilPolicy(own, "full", ({ status }) => status?.recommendations?.length === known);
  }
  const { status } = await untilPolicy(own, "full", ({ status }) => status?.unkept !== undefined);
  expect(status?.recommendations).toHaveLength(mostSizedContainers);
  expect((status?.checkpoints?.length ?? 0) + (status?.unkept ?? 0)).toBe(mostSizedContainers);
  const { stderr } = await plimsoll(["rightsizing", "-n", namespace], { kubeconfig: cluster.kubeconfig });
  expect(stderr).toContain(`it has no room for what is known of ${status?.unkept} containers`);
});

test("of a policy whose mode nobody carries out that is told", async () => {
  const { namespace } = own;
  await createPolicy(own, "wishes", { selector: { matchLabels: { app: "nothing" } }, mode: "in-place" });
  await untilPolicy(own, "wishes", (policy) => saysOf(policy, "Valid").startsWith("True/"));
  const { stderr } = await plimsoll(["rightsizing", "-n", namespace], { kubeconfig: cluster.kubeconfig });
  expect(stderr).toContain(
    `RightSizingPolicy ${namespace}/wishes: its mode in-place does nothing yet: the feature resizing must be enabled`,
  );
});
