import { ApiError } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";
import { expect, onTestFinished, test } from "vitest";
import { Trial } from "../testing/trial.ts";

const start = Date.parse("2026-11-28T12:00:00Z");
const minute = 60_000;
const metadata = (name: string, more: object = {}) => ({ namespace: "a", name, uid: name, resourceVersion: "1", generation: 1, ...more });
const resources = { requests: { cpu: "500m", memory: "256Mi" } };
const deployment = (generation: number, uid = "web") => ({
  metadata: metadata("web", { generation, uid }),
  spec: { replicas: 1, template: { spec: { containers: [{ name: "app", resources }] } } },
  status: { observedGeneration: generation, updatedReplicas: 1, replicas: 1, availableReplicas: 1 },
});
const policy = (name: string, mode: string, kind: string, of: string, spec: object = {}) => ({
  metadata: metadata(name, { creationTimestamp: "2026-11-28T09:00:00Z" }),
  spec: { mode, ...spec },
  status: {
    observedGeneration: 1,
    conditions: [{ type: "MetricsAvailable", status: "True", reason: "Answers", message: "", lastTransitionTime: "2026-11-28T11:00:00Z" }],
    recommendations: [
      {
        apiVersion: "apps/v1",
        kind,
        name: of,
        container: "app",
        pods: 1,
        confidence: 100,
        samples: 1,
        seenAt: "2026-11-28T12:00:00Z",
        current: { cpu: "500m", memory: "256Mi" },
        target: { cpu: "100m", memory: "64Mi" },
        reason: "Recommended",
      },
    ],
  },
});

async function trialOf(...given: [ConstructorParameters<typeof Trial>[1], ConstructorParameters<typeof Trial>[2]?]) {
  const clock = new FakeClock(start);
  const trial = new Trial(clock, ...given);
  onTestFinished(() => trial.end());
  await trial.fill();
  await clock.advance(minute);
  const of = (resource: string) => trial.patches.filter((one) => one.resource === resource);
  const resized = () => [...new Set(of("pods/resize").map(({ name }) => name))];
  return { clock, trial, of, resized };
}

test("a template whose change was refused is tried again once it is another, or what replaced it, and otherwise in ten minutes", async () => {
  const listed = {
    "rightsizingpolicies.plimsoll.dev": [policy("all", "recreate", "Deployment", "web")],
    "deployments.apps": [deployment(1)],
  };
  const { clock, trial, of } = await trialOf(listed, () => {
    throw new ApiError("PATCH deployments", 422, { message: "no" });
  });
  const tries = () => of("deployments.apps").length;
  expect(tries()).toBe(1);
  trial.change("deployments.apps", { ...deployment(1), status: { ...deployment(1).status, readyReplicas: 1 } });
  await clock.advance(minute);
  expect(tries()).toBe(1);
  trial.change("deployments.apps", deployment(2));
  await clock.advance(minute);
  expect(tries()).toBe(2);
  trial.change("deployments.apps", deployment(2), "DELETED");
  trial.change("deployments.apps", deployment(1, "another"), "ADDED");
  await clock.advance(minute);
  expect(tries()).toBe(3);
  await clock.advance(9 * minute + 2_000);
  expect(tries()).toBe(4);
  expect(trial.failures).toEqual([]);
});

const owned = (kind: string, name: string) => ({ ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: name, controller: true }] });
const podOf = (name: string, app: string) => ({
  metadata: metadata(name, { labels: { app }, creationTimestamp: "2026-11-28T11:00:00Z", ...owned("ReplicaSet", `${app}-1`) }),
  spec: { nodeName: "n", containers: [{ name: "app", resources }] },
  status: { phase: "Running", qosClass: "Burstable" },
});
const policyOver = (app: string) => policy("all", "in-place", "Deployment", app);
const setOf = (app: string) => ({ metadata: metadata(`${app}-1`, owned("Deployment", app)) });

test.each<[string, (policy: ReturnType<typeof policyOver>) => object]>([
  ["is narrowed", (policy) => ({ ...policy, spec: { ...policy.spec, selector: { matchLabels: { app: "other" } } } })],
  ["is to recommend alone", (policy) => ({ ...policy, spec: { mode: "recommend" } })],
])("what was changed is watched on, and taken back, where its policy %s", async (_, changed) => {
  const { clock, trial, of } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [policyOver("a")],
    "replicasets.apps": [setOf("a")],
    pods: [podOf("a1", "a")],
  });
  const small = { requests: { cpu: "100m", memory: "64Mi" } };
  const asked = (given: object) => ({ spec: { containers: [{ name: "app", resources: given }] } });
  expect(of("pods/resize").at(-1)?.body).toMatchObject(asked(small));
  const stored: unknown = trial.views.get("rightsizingpolicies.plimsoll.dev")?.get("a", "all");
  const { status } = stored as ReturnType<typeof policyOver>;
  const narrowed = { ...policyOver("a"), status: { ...status, recommendations: [] } };
  trial.change("rightsizingpolicies.plimsoll.dev", changed(narrowed) as never);
  await clock.advance(minute);
  const lastState = { terminated: { reason: "OOMKilled", exitCode: 137, finishedAt: new Date(clock.now()).toISOString() } };
  const pod = podOf("a1", "a");
  trial.change("pods", {
    ...pod,
    spec: { ...pod.spec, containers: [{ name: "app", resources: small }] },
    status: { ...pod.status, containerStatuses: [{ name: "app", lastState }] },
  });
  await clock.advance(2 * minute);
  expect(of("pods/resize").at(-1)?.body).toMatchObject(asked(resources));
  // What is over is watched no more.
  await clock.advance(26 * 60 * minute);
  const before = of("rightsizingpolicies.plimsoll.dev/status").length;
  await clock.advance(10 * minute);
  expect([of("rightsizingpolicies.plimsoll.dev/status").length, trial.failures]).toEqual([before, []]);
});

test.each([
  ["taken back", "2026-11-28T10:00:00Z", true],
  ["another one's where that was made anew under its name", "2026-11-28T11:55:00Z", false],
])("what was changed of a Deployment, and did harm once its policy was narrowed, is %s", async (_, creationTimestamp, isTakenBack) => {
  const all = policy("all", "recreate", "Deployment", "web", { selector: { matchLabels: { app: "other" } } });
  const [from, to] = [{ requests: resources.requests }, { requests: { cpu: "100m", memory: "64Mi" } }];
  const changes = [{ key: "apps/Deployment/web//app", at: "2026-11-28T11:50:00.000Z", from, to }];
  const spec = { replicas: 1, template: { spec: { containers: [{ name: "app", resources: to }] } } };
  const state = { terminated: { reason: "OOMKilled", exitCode: 137, finishedAt: "2026-11-28T11:59:00Z" } };
  const pod = podOf("web-1-a", "web");
  const { trial, of } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [{ ...all, status: { ...all.status, recommendations: [], changes } } as never],
    "deployments.apps": [{ ...deployment(2), metadata: metadata("web", { generation: 2, creationTimestamp }), spec } as never],
    "replicasets.apps": [setOf("web")],
    pods: [
      {
        ...pod,
        metadata: { ...pod.metadata, creationTimestamp: "2026-11-28T11:56:00Z" },
        spec: { ...pod.spec, containers: [{ name: "app", resources: to }] },
        status: { ...pod.status, containerStatuses: [{ name: "app", lastState: state }] },
      } as never,
    ],
  });
  const asked = { spec: { template: { spec: { containers: [{ name: "app", resources: { requests: from.requests } }] } } } };
  const bodies = of("deployments.apps").map(({ body }) => body);
  expect(bodies.slice(0, 1)).toMatchObject(isTakenBack ? [asked] : []);
  expect(trial.failures).toEqual([]);
});

test("pods are resized by the policy that has them, also once it chooses them, their owner is known, or the policy before it is gone", async () => {
  const choosing = (app: string) => ({ selector: { matchLabels: { app } } });
  const { clock, trial, resized } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [
      policy("first", "in-place", "Deployment", "a", choosing("a")),
      policy("second", "in-place", "Deployment", "b", choosing("b")),
    ],
    "replicasets.apps": [setOf("a")],
    pods: [podOf("a1", "a"), podOf("b1", "b"), podOf("c1", "c")],
  });
  expect(resized()).toEqual(["a1"]);
  trial.change("replicasets.apps", setOf("b"), "ADDED");
  await clock.advance(10_000);
  expect(resized()).toEqual(["a1", "b1"]);
  trial.change("replicasets.apps", setOf("c"), "ADDED");
  const third = policy("third", "in-place", "Deployment", "c", choosing("c"));
  trial.change("rightsizingpolicies.plimsoll.dev", { ...third, spec: { mode: "in-place", ...choosing("d") } }, "ADDED");
  const older = {
    ...policy("older", "recommend", "Deployment", "c"),
    metadata: metadata("older", { creationTimestamp: "2020-01-01T00:00:00Z" }),
  };
  trial.change("rightsizingpolicies.plimsoll.dev", older, "ADDED");
  await clock.advance(10_000);
  trial.change("rightsizingpolicies.plimsoll.dev", third);
  await clock.advance(10_000);
  expect(resized()).toEqual(["a1", "b1"]);
  trial.change("rightsizingpolicies.plimsoll.dev", older, "DELETED");
  await clock.advance(10_000);
  expect(resized()).toEqual(["a1", "b1", "c1"]);
  expect(trial.failures).toEqual([]);
});

test("a Job's pod is resized as it starts also where another of its kind was seen a day ago", async () => {
  const nightly = policy("nightly", "on-restart", "Job", "etl-*");
  const [recommendation] = nightly.status.recommendations;
  const recommendations = [{ ...recommendation, apiVersion: "batch/v1", seenAt: "2026-11-27T12:00:00Z" }];
  const job = { apiVersion: "batch/v1", kind: "Job", name: "etl-x", uid: "etl-x", controller: true };
  const { trial, resized } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [{ ...nightly, status: { ...nightly.status, recommendations } } as never],
    "jobs.batch": [{ metadata: metadata("etl-x", { generateName: "etl-" }) }],
    pods: [
      {
        ...podOf("etl-x-1", "etl"),
        metadata: metadata("etl-x-1", { creationTimestamp: "2026-11-28T12:00:00Z", ownerReferences: [job] }),
      } as never,
    ],
  });
  expect(resized()).toEqual(["etl-x-1"]);
  expect(trial.failures).toEqual([]);
});

test.each([
  ["made anew under its name is another one's, whose template is changed again", "2026-11-28T11:55:00Z", true],
  ["whose template others set back is left to them", "2026-11-28T10:00:00Z", false],
])("the change of a Deployment %s", async (_, creationTimestamp, isChanged) => {
  const all = policy("all", "recreate", "Deployment", "web");
  const [from, to] = [{ requests: resources.requests }, { requests: { cpu: "100m", memory: "64Mi" } }];
  const changes = [{ key: "apps/Deployment/web//app", at: "2026-11-28T11:50:00.000Z", from, to }];
  const { of } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [{ ...all, status: { ...all.status, changes } } as never],
    "deployments.apps": [{ ...deployment(2), metadata: metadata("web", { generation: 2, creationTimestamp }) }],
  });
  expect(of("deployments.apps").length > 0).toBe(isChanged);
});

test.each([
  ["of a Job that was killed for want of memory gets more, and no less", "Job", "2026-11-28T11:59:00Z"],
  ["of a StatefulSet that was killed for want of memory gets more, and no less", "StatefulSet", "2026-11-28T11:59:00Z"],
  ["of what wasn't killed stays", "StatefulSet", undefined],
])("a pod %s, however little is known of it", async (_, kind, oomKilledAt) => {
  const policies = policy("all", "on-restart", kind, "etl");
  const [recommendation] = policies.status.recommendations;
  const known = { confidence: 0, oomKilledAt, target: { cpu: "100m", memory: "512Mi" } };
  const recommendations = [{ ...recommendation, apiVersion: kind === "Job" ? "batch/v1" : "apps/v1", ...known }];
  const owner = { ...owned(kind, "etl").ownerReferences[0], apiVersion: recommendations[0]?.apiVersion };
  const { of } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [{ ...policies, status: { ...policies.status, recommendations } } as never],
    "jobs.batch": kind === "Job" ? [{ metadata: metadata("etl") }] : [],
    pods: [
      {
        ...podOf("etl-1", "etl"),
        metadata: metadata("etl-1", { creationTimestamp: "2026-11-28T12:00:00Z", ownerReferences: [owner] }),
      } as never,
    ],
  });
  const bodies = of("pods/resize").map(
    ({ body }) => (body as { spec: { containers: { resources: object }[] } }).spec.containers[0]?.resources,
  );
  expect(bodies.slice(0, 1)).toMatchObject(oomKilledAt === undefined ? [] : [{ requests: { cpu: "500m", memory: "512Mi" } }]);
});

test("of the policies of a namespace, only the one is looked at again that has the pod, or recommends for the template, that has changed", async () => {
  const named = (name: string) => policy(name, "on-restart", "Deployment", name, { selector: { matchLabels: { app: name } } });
  const { clock, trial } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [named("a"), named("b")],
    "replicasets.apps": [setOf("a"), setOf("b")],
    pods: [podOf("a1", "a"), podOf("b1", "b")],
  });
  const looked: string[] = [];
  const view = trial.views.get("rightsizingpolicies.plimsoll.dev");
  const get = view?.get.bind(view);
  if (view === undefined || get === undefined) throw new Error("no policies are watched");
  view.get = (namespace, name) => {
    looked.push(name);
    return get(namespace, name);
  };
  trial.change("pods", { ...podOf("a1", "a"), status: { phase: "Failed" } });
  await clock.advance(10_000);
  expect(looked).toEqual(["a"]);
  trial.change("deployments.apps", { ...deployment(1), metadata: metadata("b") }, "ADDED");
  await clock.advance(10_000);
  expect(looked).toEqual(["a", "b"]);
});

test("what is left is told with why: too little is known of it, or its use was not seen for an hour", async () => {
  const all = policy("all", "in-place", "Deployment", "web");
  const [recommendation] = all.status.recommendations;
  const recommendations = [
    recommendation,
    { ...recommendation, container: "new", confidence: 9 },
    { ...recommendation, container: "newer", confidence: 0, seenAt: "2026-11-28T10:00:00Z" },
    { ...recommendation, container: "unseen", seenAt: "2026-11-28T10:59:59Z" },
  ];
  const { trial } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [{ ...all, status: { ...all.status, recommendations } } as never],
  });
  const found = trial.views.get("rightsizingpolicies.plimsoll.dev")?.get("a", "all") as ReturnType<typeof policy> | undefined;
  expect(found?.status.conditions).toContainEqual(
    expect.objectContaining({
      type: "Applying",
      status: "True",
      message:
        "what is recommended is applied, in-place; 2 containers are left: below a confidence of 10 %; 1 container is left: without a word of metrics.k8s.io for an hour",
    }),
  );
});

test("what is changed of each workload is told by itself, with all its containers", async () => {
  const all = policy("all", "recreate", "Deployment", "web");
  const [recommendation] = all.status.recommendations;
  const named = (name: string) => ({
    ...deployment(1, name),
    metadata: metadata(name),
    spec: { replicas: 1, template: { spec: { containers: ["app", "proxy"].map((name) => ({ name, resources })) } } },
  });
  const recommendations = ["web", "api"].flatMap((name) => ["app", "proxy"].map((container) => ({ ...recommendation, name, container })));
  const { trial } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [{ ...all, status: { ...all.status, recommendations } } as never],
    "deployments.apps": [named("web"), named("api")],
  });
  const what = "from cpu 500m, memory 256Mi to cpu 100m, memory 64Mi";
  expect(trial.told.map(({ reason, note, related }) => [reason, related?.name, note])).toEqual([
    ["Changed", "web", `Deployment/web, container app: ${what}; Deployment/web, container proxy: ${what}`],
    ["Changed", "api", `Deployment/api, container app: ${what}; Deployment/api, container proxy: ${what}`],
  ]);
});

test("of a policy that can't be carried out as it is written, it isn't said that it is applied", async () => {
  const all = policy("all", "in-place", "Deployment", "web");
  const told = { status: "False", reason: "Invalid", message: "spec.bounds.cpu: min 2 is more than max 1" };
  const conditions = [...all.status.conditions, { ...told, type: "Valid", lastTransitionTime: "2026-11-28T11:00:00Z" }];
  const { trial } = await trialOf({
    "rightsizingpolicies.plimsoll.dev": [{ ...all, status: { ...all.status, recommendations: [], conditions } } as never],
  });
  const found = trial.views.get("rightsizingpolicies.plimsoll.dev")?.get("a", "all") as ReturnType<typeof policy> | undefined;
  expect(found?.status.conditions).toContainEqual(expect.objectContaining({ ...told, type: "Applying" }));
});
