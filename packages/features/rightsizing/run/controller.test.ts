import { findCondition, type RightSizingPolicy } from "@plimsoll/api";
import { valueOf } from "@plimsoll/model";
import { expect, onTestFinished, test } from "vitest";
import { controllerOn } from "../testing/controller-on.ts";
import { Server, type Named } from "../testing/server.ts";

const minute = 60_000;

const policyOf = (name: string, spec: RightSizingPolicy["spec"] = {}, status?: unknown) => ({
  metadata: { namespace: name, name, uid: name, resourceVersion: "1", generation: 1 },
  spec,
  status,
});
const jobOf = (namespace: string, name: string) => ({ metadata: { namespace, name, uid: name, resourceVersion: "1" } });
const podOf = (namespace: string, name: string) => ({
  metadata: { namespace, name, uid: `${namespace}/${name}`, resourceVersion: "1", creationTimestamp: "2026-11-28T11:00:00Z" },
  spec: { containers: [{ name: "app", resources: { requests: { cpu: "1", memory: "1Gi" } } }] },
  status: { phase: "Running" },
});

function serverOf(
  policies: ReturnType<typeof policyOf>[],
  pods: ReturnType<typeof podOf>[],
  usage: (namespace: string) => object,
  jobs: ReturnType<typeof jobOf>[] = [],
): Server {
  return new Server({ pods, "rightsizingpolicies.plimsoll.dev": policies, "jobs.batch": jobs }, usage);
}

/** Such a controller, until the test is over. */
async function running(server: Server, elected?: Promise<void>) {
  const controller = await controllerOn(server, elected, { checkpointInterval: "1s" });
  onTestFinished(controller.stop);
  return controller;
}

/** Such a server with a controller that has led for two minutes. */
async function trial(...given: Parameters<typeof serverOf>) {
  const server = serverOf(...given);
  const controller = await running(server);
  await server.clock.advance(2 * minute);
  return { server, statuses: server.statuses, ...controller };
}

const good = { cpu: "250m", memory: "300Mi" };

test("what goes wrong with one policy is told, and no other's matter; what is no quantity in a status stops no metrics", async () => {
  const broken = policyOf("broken", {}, { conditions: [null], saved: { cpu: "x", memory: "y" } });
  const { metrics, retried, statuses } = await trial([broken, policyOf("sound")], [podOf("sound", "web")], () => good);
  expect(new Set(retried)).toEqual(new Set(["to say what is recommended in the RightSizingPolicy broken/broken"]));
  expect(statuses.get("sound")?.recommendations).toMatchObject([{ name: "web", reason: "Recommended" }]);
  expect(await metrics.metrics()).toMatch(/\nplimsoll_rightsizing_saved\{resource="cpu"\} 0\.\d+\n/);
});

test("odd samples are told in the policy that has the pod alone", async () => {
  const { statuses } = await trial([policyOf("a"), policyOf("b")], [podOf("a", "web"), podOf("b", "web")], (namespace) =>
    namespace === "a" ? { cpu: "-1", memory: "1Mi" } : good,
  );
  const said = (namespace: string) => findCondition(statuses.get(namespace), "MetricsAvailable");
  expect(said("a")).toMatchObject({ status: "True", reason: "Odd", message: expect.stringContaining('"-1" is less than') as string });
  expect(said("b")).toMatchObject({ status: "True", reason: "Answers", message: "metrics.k8s.io answers" });
});

test.each<[string, RightSizingPolicy["spec"], object, string]>([
  ["its policy ignores", { containers: [{ name: "app", ignore: true }] }, good, "Answers"],
  ["can't be believed", {}, { cpu: "10001", memory: "1Mi" }, "Odd"],
  ["has no quantity", {}, { cpu: "x", memory: "1Mi" }, "Odd"],
])("a pod of which is said what %s isn't told as one of which nothing is said", async (_, spec, usage, reason) => {
  const status = { phase: "Running", containerStatuses: [{ name: "app", state: { running: { startedAt: "2026-11-28T11:00:00Z" } } }] };
  const { server, statuses } = await trial([policyOf("a", spec)], [{ ...podOf("a", "web"), status }], () => usage);
  await server.clock.advance(10 * minute);
  const condition = findCondition(statuses.get("a"), "MetricsAvailable");
  expect(condition?.reason).toBe(reason);
  expect(condition?.message).not.toContain("silent");
});

test("a leap of use is told until another sample says so, too, and changes nothing till then", async () => {
  let usage = good;
  const { server, statuses } = await trial([policyOf("a")], [podOf("a", "web")], () => usage);
  const said = () => findCondition(statuses.get("a"), "MetricsAvailable");
  const advised = () => statuses.get("a")?.recommendations?.[0];
  const before = advised()?.target;
  usage = { cpu: "8", memory: "300Mi" };
  await server.clock.advance(minute);
  expect(said()).toMatchObject({
    reason: "Odd",
    message: expect.stringContaining("8000m of CPU, 300Mi of memory is more than ten times all before, and counts when") as string,
  });
  expect(advised()?.target).toEqual(before);
  await server.clock.advance(minute);
  expect(said()).toMatchObject({ reason: "Answers" });
  expect(advised()?.target).not.toEqual(before);
});

test("what a policy chooses no more leaves its status; what has no pods stays", async () => {
  const stale = await trial([policyOf("a")], [podOf("a", "web")], () => good);
  const before = stale.statuses.get("a");
  expect(before?.recommendations).toHaveLength(1);
  for (const spec of [{ containers: [{ name: "app", ignore: true }] }, { selector: { matchLabels: { app: "db" } } }]) {
    const { statuses } = await trial([policyOf("a", spec, before)], [podOf("a", "web")], () => good);
    expect(statuses.get("a")).toMatchObject({ recommendations: [], checkpoints: [] });
  }
  const idle = await trial([policyOf("a", {}, before)], [], () => good);
  expect(idle.statuses.get("a")?.recommendations).toMatchObject([{ name: "web", pods: 0 }]);
});

const killed = (pod: Named, at: number) => {
  const terminated = { reason: "OOMKilled", exitCode: 137, finishedAt: new Date(at).toISOString() };
  return { ...pod, status: { phase: "Failed", containerStatuses: [{ name: "app", state: { terminated } }] } };
};

test.each([
  ["a Job's, which another pod follows, at once", "Job", "batch/v1", 1],
  ["a ReplicaSet's, whose container is started again, in the next round", "ReplicaSet", "apps/v1", undefined],
])("that a pod was killed for want of memory is told: %s", async (_, kind, apiVersion, kills) => {
  const owner = { apiVersion, kind, name: "etl", uid: "etl", controller: true };
  const pod = podOf("a", "etl-1");
  const resources = { requests: { memory: "1Gi" }, limits: { memory: "1Gi" } };
  const owned = {
    ...pod,
    metadata: { ...pod.metadata, ownerReferences: [owner] },
    spec: { containers: [{ name: "app", resources }] },
  };
  const jobs = kind === "Job" ? [jobOf("a", "etl")] : [];
  const { server, statuses } = await trial([policyOf("a")], [owned as never], () => ({}), jobs);
  await server.clock.advance(1_500);
  server.changed("pods", killed(owned, server.clock.now()));
  await server.clock.advance(1_000);
  const [known] = statuses.get("a")?.recommendations ?? [];
  expect(known?.oomKills).toBe(kills);
  if (kills !== undefined)
    expect(known).toMatchObject({ current: { memory: "1024Mi" }, target: { memory: "2048Mi" }, limits: { memory: "2048Mi" } });
});

test.each([
  ["after that was told", false],
  ["before that was told", true],
])("a kill counts by what the container had then, though it was resized since, %s", async (_, isResizedBefore) => {
  const asking = (memory: string) => ({ ...podOf("a", "web"), spec: { containers: [{ name: "app", resources: { limits: { memory } } }] } });
  const { server, statuses } = await trial([policyOf("a")], [asking("1Gi") as never], () => ({}));
  await server.clock.advance(1_500);
  const at = server.clock.now();
  const told = (memory: string) => {
    const terminated = { reason: "OOMKilled", exitCode: 137, finishedAt: new Date(at).toISOString() };
    const containerStatuses = [{ name: "app", state: { running: {} }, lastState: { terminated } }];
    server.changed("pods", { ...asking(memory), status: { phase: "Running", containerStatuses } } as never);
  };
  if (!isResizedBefore) told("1Gi");
  await server.clock.advance(100);
  server.changed("pods", asking("8Gi"));
  await server.clock.advance(100);
  told("8Gi");
  await server.clock.advance(2 * minute);
  const [known] = statuses.get("a")?.recommendations ?? [];
  expect(known).toMatchObject({ oomKills: 1, currentLimits: { memory: "8192Mi" } });
  // A fifth more than 1 GiB, 15 % on top, and what a bucket is wide.
  expect(valueOf(known?.target?.memory ?? 0)).toBeLessThan(1.5 * 1024 ** 3);
});

test("kills, and first recommendations, are told of each workload by itself, so that those of one don't count as the same of another", async () => {
  const { server, told } = await trial([policyOf("a")], [podOf("a", "web"), podOf("a", "api")], () => good);
  server.changed("pods", podOf("a", "db"));
  for (const name of ["web", "api"]) server.changed("pods", killed(podOf("a", name), server.clock.now()));
  await server.clock.advance(2 * minute);
  expect(told.map(({ reason, related, note }) => [reason, related?.name, note])).toEqual([
    ["Recommended", "api", "first recommendation for Pod/api, container app, Pod/web, container app"],
    ["Recommended", "db", "first recommendation for Pod/db, container app"],
    ["OOMKilled", "api", "killed for want of memory: Pod/api, container app"],
    ["OOMKilled", "web", "killed for want of memory: Pod/web, container app"],
  ]);
});

test("an autoscaler that has come is told at once, and asks metrics.k8s.io for nothing", async () => {
  const { server, statuses } = await trial([policyOf("a")], [podOf("a", "web")], () => good);
  await server.clock.advance(1_500);
  const before = server.asked;
  const scaler = (namespace: string, averageUtilization: number) => ({
    metadata: { namespace, name: "web", uid: namespace },
    spec: {
      scaleTargetRef: { kind: "Pod", name: "web" },
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization } } }],
    },
  });
  for (const namespace of ["a", "b"]) server.changed("horizontalpodautoscalers.autoscaling", scaler(namespace, 50));
  await server.clock.advance(1_500);
  expect(statuses.get("a")?.recommendations?.[0]?.heldBy).toMatchObject([{ name: "web", resources: ["cpu"] }]);
  expect([server.asked, before > 0]).toEqual([before, true]);
});

test("who takes over from a leader that was killed has each sample, the running window's peak, and the kills that nobody has written", async () => {
  const mebi = 1024 ** 2;
  let peak = 300;
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "etl", uid: "etl", controller: true };
  const pod = podOf("a", "etl-1");
  const owned = { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } };
  const server = serverOf([policyOf("a")], [podOf("a", "web")], () => ({ cpu: "250m", memory: `${peak}Mi` }), [jobOf("a", "etl")]);
  const leader = await running(server);
  await server.clock.advance(10 * minute);
  const election = Promise.withResolvers<void>();
  await running(server, election.promise);
  await server.clock.advance(5 * minute);
  const known = (name: string) => server.statuses.get("a")?.recommendations?.find((one) => one.name === name);
  const before = known("web")?.samples ?? 0;
  expect(before).toBeGreaterThanOrEqual(15);
  await leader.kill();
  // As much more as changes nothing that people act on.
  peak = 301;
  server.changed("pods", owned);
  server.changed("pods", killed(owned, server.clock.now()));
  server.changed("pods", owned, "DELETED");
  await server.clock.advance(minute);
  peak = 300;
  await server.clock.advance(2 * minute);
  expect([known("web")?.samples, known("etl")]).toEqual([before, undefined]);
  election.resolve();
  await server.clock.advance(2_000);
  expect(known("etl")).toMatchObject({ oomKills: 1, pods: 0, current: { memory: "1024Mi" } });
  expect(known("web")?.samples).toBeGreaterThanOrEqual(before + 3);
  const { state = "" } = server.statuses.get("a")?.checkpoints?.find(({ key }) => key.includes("/web/")) ?? {};
  expect((JSON.parse(state) as { history: { window: { peak: number } } }).history.window.peak).toBe(301 * mebi);
});
