import { findCondition, type RightSizingPolicy, type RightSizingStatus } from "@plimsoll/api";
import { View } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";
import { Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { config } from "../config.ts";
import type { RightSizingRuntime } from "../permissions.ts";
import { RightSizingController } from "./controller.ts";

const start = Date.parse("2026-11-28T12:00:00Z");
const minute = 60_000;

const policyOf = (name: string, spec: RightSizingPolicy["spec"] = {}, status?: unknown) => ({
  metadata: { namespace: name, name, uid: name, resourceVersion: "1", generation: 1 },
  spec,
  status,
});
const podOf = (namespace: string, name: string) => ({
  metadata: { namespace, name, uid: `${namespace}/${name}`, resourceVersion: "1", creationTimestamp: "2026-11-28T11:00:00Z" },
  spec: { containers: [{ name: "app", resources: { requests: { cpu: "1", memory: "1Gi" } } }] },
  status: { phase: "Running" },
});

/** A controller that leads; `usage` gives what a pod uses by now. `changed`: has a pod be another. */
async function trial(
  policies: ReturnType<typeof policyOf>[],
  pods: ReturnType<typeof podOf>[],
  usage: (namespace: string) => object,
  jobs: object[] = [],
) {
  const clock = new FakeClock(start);
  const end = new AbortController();
  const metrics = new Registry();
  const views = new Map<string, View<never>>();
  const [retried, statuses]: [string[], Map<string, RightSizingStatus>] = [[], new Map()];
  let version = 1;
  const client = () => ({
    list: async function* () {
      for (const { metadata } of pods) {
        const { namespace, name } = metadata;
        yield { metadata: { namespace, name }, timestamp: new Date(clock.now()), containers: [{ name: "app", usage: usage(namespace) }] };
      }
    },
    patch: async ({ namespace }: { namespace: string }, { status }: { status: RightSizingStatus }) => {
      const policy = policies.find(({ metadata }) => metadata.namespace === namespace);
      statuses.set(namespace, { ...statuses.get(namespace), ...status });
      version += 1;
      return { ...policy, metadata: { ...policy?.metadata, resourceVersion: `${version}` }, status: statuses.get(namespace) };
    },
  });
  const nothing = () => {};
  const runtime = {
    client,
    view: (resource: string, wanted: object) => {
      const view = new View<never>({ ...wanted, onError: console.error, clock } as never);
      views.set(resource, view);
      return view;
    },
    synced: () => Promise.all([...views.values()].map(({ synced }) => synced)),
    elected: Promise.resolve(),
    namespaces: undefined,
    signal: end.signal,
    clock,
    metrics,
    events: { record: nothing },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    retried: (what: string) => retried.push(what),
  };
  const controller = new RightSizingController(runtime as unknown as RightSizingRuntime, config.parse({ checkpointInterval: "1s" }));
  const running = controller.run();
  onTestFinished(async () => {
    end.abort();
    await running;
  });
  const sinks = new Map<string, ReturnType<View<never>["sink"]>>();
  for (const [resource, view] of views) {
    const sink = view.sink();
    sink.beginList();
    sinks.set(resource, sink);
    const listed: Record<string, object[]> = { pods, "rightsizingpolicies.plimsoll.dev": policies, "jobs.batch": jobs };
    const objects = listed[resource] ?? [];
    for (const object of objects) sink.listed(object as never);
    await sink.endList();
  }
  await clock.advance(2 * minute);
  const changed = (pod: object) => sinks.get("pods")?.changed({ type: "MODIFIED", object: pod as never });
  return { changed, clock, metrics, retried, statuses };
}

const good = { cpu: "250m", memory: "300Mi" };

test("what goes wrong with one policy is told, and no other's matter; what is no quantity in a status stops no metrics", async () => {
  const broken = policyOf("broken", {}, { conditions: [null], saved: { cpu: "x", memory: "y" } });
  const { metrics, retried, statuses } = await trial(
    [broken, policyOf("sound", {}, { saved: { cpu: "500m" } })],
    [podOf("sound", "web")],
    () => good,
  );
  expect(new Set(retried)).toEqual(new Set(["to say what is recommended in the RightSizingPolicy broken/broken"]));
  expect(statuses.get("sound")?.recommendations).toMatchObject([{ name: "web", reason: "Recommended" }]);
  expect(await metrics.metrics()).toContain('\nplimsoll_rightsizing_saved{resource="cpu"} 0.5\n');
});

test("odd samples are told in the policy that has the pod alone", async () => {
  const { statuses } = await trial([policyOf("a"), policyOf("b")], [podOf("a", "web"), podOf("b", "web")], (namespace) =>
    namespace === "a" ? { cpu: "-1", memory: "1Mi" } : good,
  );
  const said = (namespace: string) => findCondition(statuses.get(namespace), "MetricsAvailable");
  expect(said("a")).toMatchObject({ status: "True", reason: "Odd", message: expect.stringContaining('"-1" is less than') as string });
  expect(said("b")).toMatchObject({ status: "True", reason: "Answers", message: "metrics.k8s.io answers" });
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

test.each([
  ["a Job's, which another pod follows, at once", "Job", "batch/v1", 1],
  ["a ReplicaSet's, whose container is started again, in the next round", "ReplicaSet", "apps/v1", undefined],
])("that a pod was killed for want of memory is told: %s", async (_, kind, apiVersion, kills) => {
  const owner = { apiVersion, kind, name: "etl", uid: "etl", controller: true };
  const pod = podOf("a", "etl-1");
  const resources = { requests: { memory: "1Gi" }, limits: { memory: "1Gi" } };
  const owned = {
    ...pod,
    metadata: { ...pod.metadata, resourceVersion: "2", ownerReferences: [owner] },
    spec: { containers: [{ name: "app", resources }] },
  };
  const job = { metadata: { namespace: "a", name: "etl", uid: "etl", resourceVersion: "1" } };
  const { changed, clock, statuses } = await trial([policyOf("a")], [owned as never], () => ({}), kind === "Job" ? [job] : []);
  const terminated = { reason: "OOMKilled", exitCode: 137, finishedAt: new Date(clock.now()).toISOString() };
  const status = { phase: "Failed", containerStatuses: [{ name: "app", state: { terminated } }] };
  await clock.advance(1_500);
  changed({ ...owned, metadata: { ...owned.metadata, resourceVersion: "3" }, status });
  await clock.advance(1_000);
  const [known] = statuses.get("a")?.recommendations ?? [];
  expect(known?.oomKills).toBe(kills);
  if (kills !== undefined)
    expect(known).toMatchObject({ current: { memory: "1024Mi" }, target: { memory: "2048Mi" }, limits: { memory: "2048Mi" } });
});
