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
const jobOf = (namespace: string, name: string) => ({ metadata: { namespace, name, uid: name, resourceVersion: "1" } });
const podOf = (namespace: string, name: string) => ({
  metadata: { namespace, name, uid: `${namespace}/${name}`, resourceVersion: "1", creationTimestamp: "2026-11-28T11:00:00Z" },
  spec: { containers: [{ name: "app", resources: { requests: { cpu: "1", memory: "1Gi" } } }] },
  status: { phase: "Running" },
});

/** An API server that has these; `usage` gives what a pod uses by now. */
class Server {
  readonly clock = new FakeClock(start);
  readonly statuses = new Map<string, RightSizingStatus>();
  readonly #listed: Record<string, Map<string, Named>>;
  readonly #sinks: [resource: string, sink: ReturnType<View<never>["sink"]>][] = [];
  readonly #usage: (namespace: string) => object;
  #version = 1;

  constructor(
    policies: ReturnType<typeof policyOf>[],
    pods: ReturnType<typeof podOf>[],
    usage: (namespace: string) => object,
    jobs: ReturnType<typeof jobOf>[] = [],
  ) {
    const byName = (objects: Named[]) => new Map(objects.map((one) => [nameOf(one), one]));
    this.#listed = { pods: byName(pods), "rightsizingpolicies.plimsoll.dev": byName(policies), "jobs.batch": byName(jobs) };
    this.#usage = usage;
  }

  /** An object has come, is another, or is gone. */
  changed(resource: string, object: Named, type: "MODIFIED" | "DELETED" = "MODIFIED"): Named {
    this.#version += 1;
    const changed = { ...object, metadata: { ...object.metadata, resourceVersion: `${this.#version}` } };
    if (type === "DELETED") this.#listed[resource]?.delete(nameOf(object));
    else this.#listed[resource]?.set(nameOf(object), changed);
    for (const [of, sink] of this.#sinks) if (of === resource) sink.changed({ type, object: changed as never });
    return changed;
  }

  async fill(resource: string, view: View<never>): Promise<void> {
    const sink = view.sink();
    this.#sinks.push([resource, sink]);
    sink.beginList();
    for (const object of this.#listed[resource]?.values() ?? []) sink.listed(object as never);
    await sink.endList();
  }

  async *list(): AsyncGenerator<object> {
    for (const { metadata } of this.#listed["pods"]?.values() ?? []) {
      const { namespace, name } = metadata;
      const containers = [{ name: "app", usage: this.#usage(namespace) }];
      yield { metadata: { namespace, name }, timestamp: new Date(this.clock.now()), containers };
    }
  }

  async patch(ref: Named["metadata"], { status }: { status: RightSizingStatus }): Promise<object> {
    const policy = this.#listed["rightsizingpolicies.plimsoll.dev"]?.get(nameOf({ metadata: ref }));
    this.statuses.set(ref.namespace, { ...this.statuses.get(ref.namespace), ...status });
    return this.changed("rightsizingpolicies.plimsoll.dev", {
      metadata: ref,
      ...policy,
      status: this.statuses.get(ref.namespace),
    } as Named);
  }
}

interface Named {
  metadata: { namespace: string; name: string };
}

const nameOf = ({ metadata }: Named): string => `${metadata.namespace}/${metadata.name}`;

/** A controller that leads once it is elected; `kill` ends it in the midst, with nothing more written. */
async function controllerOn(server: Server, elected = Promise.resolve()) {
  const { clock } = server;
  const end = new AbortController();
  const metrics = new Registry();
  const views = new Map<string, View<never>>();
  const retried: string[] = [];
  let isDead = false;
  const patch: Server["patch"] = async (ref, body) => {
    if (isDead) throw new Error("it is dead");
    return server.patch(ref, body);
  };
  const nothing = () => {};
  const runtime = {
    client: () => ({ list: () => server.list(), patch }),
    view: (resource: string, wanted: object) => {
      const view = new View<never>({ ...wanted, onError: console.error, clock } as never);
      views.set(resource, view);
      return view;
    },
    synced: () => Promise.all([...views.values()].map(({ synced }) => synced)),
    elected,
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
  const stop = async (): Promise<void> => {
    end.abort();
    await running;
  };
  onTestFinished(stop);
  for (const [resource, view] of views) await server.fill(resource, view);
  const kill = (): Promise<void> => {
    isDead = true;
    return stop();
  };
  return { kill, metrics, retried };
}

/** Such a server with a controller that has led for two minutes. */
async function trial(...given: ConstructorParameters<typeof Server>) {
  const server = new Server(...given);
  const controller = await controllerOn(server);
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

test("who takes over from a leader that was killed has each sample, the running window's peak, and the kills that nobody has written", async () => {
  const mebi = 1024 ** 2;
  let peak = 300;
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "etl", uid: "etl", controller: true };
  const pod = podOf("a", "etl-1");
  const owned = { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } };
  const server = new Server([policyOf("a")], [podOf("a", "web")], () => ({ cpu: "250m", memory: `${peak}Mi` }), [jobOf("a", "etl")]);
  const leader = await controllerOn(server);
  await server.clock.advance(10 * minute);
  const election = Promise.withResolvers<void>();
  await controllerOn(server, election.promise);
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
