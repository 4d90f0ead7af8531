import type { WorkloadSet } from "@plimsoll/api";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { simulated, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { conditionOf, createSet, deployment, idleObjects, map, objectsIn, read, resources, untilSet } from "./support/workloads.ts";
import { ownCluster, type OwnCluster } from "./support/own-cluster.ts";

let site: OwnCluster;
beforeAll(async () => {
  site = await ownCluster("workloads", { workloads: { namespaces: ["*"] } });
});
afterAll(() => site.close());

const change = ({ client, namespace }: Place, name: string, spec: Partial<WorkloadSet["spec"]>) =>
  client("workloadsets.plimsoll.dev").patch({ namespace, name }, { spec });
const told = async ({ client, namespace }: Place, reason: string): Promise<string[]> => {
  const found = await Array.fromAsync(client("events.events.k8s.io").list({ namespace }));
  return found.filter((event) => event.reason === reason).map(({ note = "" }) => note);
};

test("a set's objects of every kind are applied and told to be healthy, what it lists no longer goes, and nothing is asked for when nothing happens", async () => {
  const own = await site.place();
  // Those that are healthy though nothing of them runs.
  const inert = (["configmaps", "services", "statefulsets.apps", "daemonsets.apps", "cronjobs.batch"] as const).map(
    (resource) => idleObjects("all")[resource],
  );
  const web = deployment("web", 0);
  const manifests = [...inert, { ...web, spec: { ...(web["spec"] as object), replicas: "${{ params.count }}" } }];
  await createSet(own, "all", { params: { count: 2 }, manifests });
  const set = await untilSet(own, "all", { Applied: "True", Healthy: "True", Drifted: "False" }, 120);
  expect(set.status?.progress).toBe("6/6");
  const live = await read(own, "deployments.apps", "web");
  expect(live?.spec).toMatchObject({ replicas: 2 });
  expect(live?.metadata).toMatchObject({ labels: { "plimsoll.dev/workload-set": "all" }, ownerReferences: [{ uid: set.metadata.uid }] });
  await change(own, "all", { manifests: [map("all", "2")] });
  await untilSet(own, "all", { Applied: "True" });
  await vi.waitFor(async () => {
    for (const resource of resources)
      if (resource !== "configmaps") expect(await read(own, resource, resource === "deployments.apps" ? "web" : "all")).toBeUndefined();
  }, 120_000);
  expect((await read(own, "configmaps", "all"))?.data).toEqual({ a: "2" });
  await expect.poll(() => told(own, "Pruned")).toContain("deleted Deployment/web, which the set doesn't list any more");
  const askedWithin = async (ms: number): Promise<string[]> => {
    const mark = await site.audit.mark();
    await sleep(ms);
    const asked: string[] = [];
    for await (const { user, verb, resource } of site.audit.since(mark))
      if (user === site.account && verb !== "watch" && resource !== "leases") asked.push(`${verb} ${resource}`);
    return asked;
  };
  // What has been begun is done.
  await expect.poll(() => askedWithin(3_000)).toEqual([]);
  expect(await askedWithin(10_000)).toEqual([]);
});

test("what others change or take away is brought back, and told with the field and who has it", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  await createSet(own, "kept", {
    manifests: [map("kept"), deployment("kept", 1), idleObjects("kept").services, idleObjects("kept")["cronjobs.batch"]],
  });
  await untilSet(own, "kept", { Applied: "True", Healthy: "True" }, 120);
  const kubectl = kubectlOf(site.kubeconfig);
  await kubectl("scale", "deployment/kept", "-n", namespace, "--replicas=3");
  await kubectl("patch", "configmap/kept", "-n", namespace, "--type=merge", "-p", '{"data":{"a":"mine"}}');
  await kubectl("label", "service/kept", "-n", namespace, "plimsoll.dev/workload-set-");
  await kubectl("delete", "cronjob/kept", "-n", namespace);
  await vi.waitFor(async () => {
    expect((await read(own, "deployments.apps", "kept"))?.spec).toMatchObject({ replicas: 1 });
    expect((await read(own, "configmaps", "kept"))?.data).toEqual({ a: "1" });
    expect((await read(own, "services", "kept"))?.metadata.labels).toMatchObject({ "plimsoll.dev/workload-set": "kept" });
    expect(await read(own, "cronjobs.batch", "kept")).toBeDefined();
  }, 120_000);
  await untilSet(own, "kept", { Applied: "True", Drifted: "False" });
  await vi.waitFor(async () => {
    const notes = (await told(own, "DriftCorrected")).join("\n");
    expect(notes).toContain("Deployment/kept: .spec.replicas is held by kubectl; it is as the set says again");
    expect(notes).toContain("ConfigMap/kept: .data.a is held by kubectl-patch; it is as the set says again");
    expect(notes).toContain("CronJob/kept: somebody had deleted it; it is as the set says again");
  }, 120_000);
  // A field that the set doesn't hold is nobody's drift.
  await objectsIn(client, "configmaps").patch({ namespace, name: "kept" }, { data: { b: "theirs" } });
  await change(own, "kept", { params: { again: true } });
  await untilSet(own, "kept", { Applied: "True", Drifted: "False" });
  expect((await read(own, "configmaps", "kept"))?.data).toEqual({ a: "1", b: "theirs" });
});

test("with driftPolicy report, what others change stays, and the set tells it", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  await createSet(own, "told", { driftPolicy: "report", manifests: [map("told"), map("gone")] });
  await untilSet(own, "told", { Applied: "True" });
  await kubectlOf(site.kubeconfig)("patch", "configmap/told", "-n", namespace, "--type=merge", "-p", '{"data":{"a":"mine"}}');
  await objectsIn(client, "configmaps").delete({ namespace, name: "gone" });
  await untilSet(own, "told", {
    Drifted: /^True\/Changed: ConfigMap\/told: \.data\.a is held by kubectl-patch; ConfigMap\/gone: somebody has deleted it$/,
  });
  expect((await read(own, "configmaps", "told"))?.data).toEqual({ a: "mine" });
  await change(own, "told", { driftPolicy: "ignore" });
  await untilSet(own, "told", { Drifted: "Unknown", Applied: "True" });
  await change(own, "told", { driftPolicy: "correct" });
  await untilSet(own, "told", { Drifted: "False", Applied: "True" });
  expect((await read(own, "configmaps", "told"))?.data).toEqual({ a: "1" });
});

test("a field that another manager has is left to it, unless the set says force", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  await client("configmaps").patch(
    { namespace, name: "theirs" },
    { data: { a: "theirs", b: "theirs" } },
    { type: "apply", fieldManager: "helm" },
  );
  await createSet(own, "ours", { manifests: [map("theirs")] });
  const set = await untilSet(own, "ours", {
    Applied: /^False\/Conflict: ConfigMap\/theirs: \.data\.a is held by helm: leave that to them, or say conflicts: force to take it over$/,
  });
  expect(set.status?.message).toBe(conditionOf(set, "Applied").replace("False/Conflict: ", ""));
  expect(conditionOf(set, "Healthy")).toContain("ConfigMap/theirs: it isn't applied");
  expect((await read(own, "configmaps", "theirs"))?.data).toEqual({ a: "theirs", b: "theirs" });
  await change(own, "ours", { conflicts: "force" });
  await untilSet(own, "ours", { Applied: "True" });
  expect((await read(own, "configmaps", "theirs"))?.data).toEqual({ a: "1", b: "theirs" });
});

test("what the API server refuses is told with its field, and so is a kind that isn't granted", async () => {
  const own = await site.place();
  await createSet(own, "wrong", {
    manifests: [map("right"), { ...deployment("wrong", 1), spec: { replicas: 1, selector: { matchLabels: { a: "b" } }, template: {} } }],
  });
  await untilSet(own, "wrong", { Valid: "True", Applied: /^False\/Refused: Deployment\/wrong: .*spec\.template\.metadata\.labels/ });
  expect(await read(own, "configmaps", "right")).toBeDefined();
  // Kubernetes answers these with code 500.
  await createSet(own, "unknown", { manifests: [{ ...map("unknown"), dat: {} }] });
  await untilSet(own, "unknown", { Applied: /^False\/Refused: ConfigMap\/unknown: dat: field not declared in schema$/ });
  await createSet(own, "typed", { manifests: [{ ...map("typed"), data: { a: 2, b: true } }] });
  await untilSet(own, "typed", {
    Applied: /^False\/Refused: ConfigMap\/typed: data\.a: expected string, got 2, data\.b: expected string, got true$/,
  });
  await createSet(own, "secret", { manifests: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }] });
  await untilSet(own, "secret", {
    Valid: /^False\/Invalid: spec\.manifests\[0\]\.kind: Secret of v1 isn't one of the kinds/,
    Applied: "False",
  });
});

test("what waits for a Job is applied when that is done, and a Job that is done and gone isn't run again", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  const job = (ttl: number): Record<string, unknown> => {
    const { spec, ...rest } = idleObjects("migrate")["jobs.batch"] as { spec: { template: { spec: object } } };
    const { nodeSelector: _, ...pod } = spec.template.spec as { nodeSelector: object };
    return { ...rest, spec: { template: { spec: { ...pod, ...simulated } }, ttlSecondsAfterFinished: ttl } };
  };
  const needs = { annotations: { "plimsoll.dev/depends-on": "Job/migrate" } };
  await createSet(own, "ordered", {
    manifests: [map("after", "1", needs), { ...job(0), spec: { ...(job(0)["spec"] as object), suspend: true } }],
  });
  await untilSet(own, "ordered", { Applied: /^False\/Waiting: ConfigMap\/after waits for Job\/migrate$/ });
  expect(await read(own, "configmaps", "after")).toBeUndefined();
  await change(own, "ordered", { manifests: [map("after", "1", needs), job(0)] });
  await untilSet(own, "ordered", { Applied: "True", Healthy: "True" }, 120);
  expect(await read(own, "configmaps", "after")).toBeDefined();
  await vi.waitFor(async () => expect(await read(own, "jobs.batch", "migrate")).toBeUndefined(), 120_000);
  await change(own, "ordered", { params: { again: true } });
  const set = await untilSet(own, "ordered", { Applied: "True", Healthy: "True", Drifted: "False" });
  expect(set.status?.progress).toBe("2/2");
  expect(await Array.fromAsync(objectsIn(client, "jobs.batch").list({ namespace }))).toEqual([]);
});

test("a set without its objects' right to change says so, or replaces them, but never by what the API server wouldn't take", async () => {
  const own = await site.place();
  const job = (image: string, more: object = {}): Record<string, unknown> => {
    const made = idleObjects("job")["jobs.batch"] as { spec: { template: { spec: { containers: object[] } } } };
    const { spec } = made.spec.template;
    return { ...made, spec: { ...made.spec, ...more, template: { spec: { ...spec, containers: [{ ...spec.containers[0], image }] } } } };
  };
  await createSet(own, "jobs", { manifests: [job("busybox")] });
  await untilSet(own, "jobs", { Applied: "True" });
  const { uid } = (await read(own, "jobs.batch", "job"))?.metadata ?? {};
  await change(own, "jobs", { manifests: [job("debian")] });
  await untilSet(own, "jobs", { Applied: /^False\/Immutable: Job\/job: .*field is immutable.*say onImmutable: replace/ });
  await change(own, "jobs", { onImmutable: "replace", manifests: [job("debian", { completions: -1 })] });
  await untilSet(own, "jobs", { Applied: /^False\/Refused: Job\/job: .*spec\.completions/ });
  expect((await read(own, "jobs.batch", "job"))?.metadata.uid).toBe(uid);
  await change(own, "jobs", { manifests: [job("debian")] });
  await untilSet(own, "jobs", { Applied: "True" }, 120);
  expect((await read(own, "jobs.batch", "job"))?.metadata.uid).not.toBe(uid);
  await expect.poll(async () => (await told(own, "Replaced")).join()).toContain("deleted Job/job to make it anew");
});

test("an object that another set has is left to it, until that lets it go", async () => {
  const own = await site.place();
  await createSet(own, "first", { manifests: [map("one")] });
  await untilSet(own, "first", { Applied: "True" });
  await createSet(own, "second", { manifests: [map("one", "2")] });
  await untilSet(own, "second", {
    Applied: /^False\/Owned: ConfigMap\/one: it belongs to the WorkloadSet "first": list it in one of them$/,
  });
  await change(own, "first", { manifests: [] });
  await untilSet(own, "second", { Applied: "True" });
  await vi.waitFor(async () => expect((await read(own, "configmaps", "one"))?.data).toEqual({ a: "2" }), 120_000);
});

test("manifests are read from a ConfigMap that lists their resources, and again when it changes", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  const metadata = {
    namespace,
    name: "app",
    labels: { "plimsoll.dev/workload-source": "" },
    annotations: { "plimsoll.dev/workload-resources": "configmaps, services" },
  };
  await createSet(own, "read", { source: { configMap: { name: "app", resources: ["configmaps"] } } });
  await untilSet(own, "read", { Valid: /^False\/Invalid: spec\.source\.configMap\.name: there is no ConfigMap "app"/ });
  await client("configmaps").create({
    metadata,
    data: { "manifests.yaml": `${JSON.stringify(map("a"))}\n---\n${JSON.stringify(map("b"))}` },
  });
  await untilSet(own, "read", { Valid: "True", Applied: "True" });
  expect(await read(own, "configmaps", "b")).toBeDefined();
  await client("configmaps").patch({ namespace, name: "app" }, { data: { "manifests.yaml": JSON.stringify(map("a", "2")) } });
  await vi.waitFor(async () => {
    expect((await read(own, "configmaps", "a"))?.data).toEqual({ a: "2" });
    expect(await read(own, "configmaps", "b")).toBeUndefined();
  }, 120_000);
  await client("configmaps").delete({ namespace, name: "app" });
  await untilSet(own, "read", { Valid: "False" });
  expect(await read(own, "configmaps", "a")).toBeDefined();
});

test("a suspended set leaves all as it is, a deleted one takes its objects along, and one that orphans doesn't", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  await createSet(own, "still", { suspend: true, manifests: [map("still")] });
  await untilSet(own, "still", { Applied: /^False\/Suspended: ConfigMap\/still: left as they are/ });
  await change(own, "still", { suspend: false });
  await untilSet(own, "still", { Applied: "True" });
  await createSet(own, "orphans", { deletionPolicy: "orphan", manifests: [map("stays")] });
  await untilSet(own, "orphans", { Applied: "True" });
  for (const name of ["still", "orphans"]) await client("workloadsets.plimsoll.dev").delete({ namespace, name });
  await vi.waitFor(async () => expect(await read(own, "configmaps", "still")).toBeUndefined(), 120_000);
  expect((await read(own, "configmaps", "stays"))?.metadata.deletionTimestamp).toBeUndefined();
});
