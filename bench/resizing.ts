import { Trial } from "@plimsoll/features/resizing/testing";
import { FakeClock } from "@plimsoll/kube/testing";
import { percentile, report, type Row } from "./table.ts";

const start = Date.parse("2026-11-28T12:00:00Z");
/** Policies of one namespace, of which each has as many pods. */
const policies = 20;
/** Pods of a Deployment. */
const replicas = 10;
/** Pods that change, one after the other. */
const changes = 15;

/** What it takes that one pod of a namespace changes, whose policies apply what is recommended. */
export async function resizingBench(): Promise<void> {
  const [few, many] = [await measured(1_000), await measured(10_000)];
  const rows: Row[] = [
    { what: "pods looked up for a policy, one of 1,000 has changed", value: few.assigned },
    { what: "one of 10,000", value: many.assigned, aim: "1", reached: many.assigned <= 1 },
    { what: "policies whose status was looked at, one of 10,000", value: many.looked, aim: "1", reached: many.looked <= 1 },
    { what: "CPU, one of 1,000 has changed", value: few.cpu, unit: "ms" },
    { what: "one of 10,000", value: many.cpu, unit: "ms" },
    { what: "CPU for the first look at 10,000", value: many.first, unit: "ms" },
  ];
  report("resizing", rows, `${policies} policies, the median of ${changes} changes of a pod`);
}

interface Measured {
  /** Pods whose owner was looked up, and policies that were reconciled, for a change. */
  assigned: number;
  looked: number;
  /** Milliseconds of CPU for a change, and for the first look at all. */
  cpu: number;
  first: number;
}

async function measured(pods: number): Promise<Measured> {
  const clock = new FakeClock(start);
  const trial = new Trial(clock, listed(pods));
  let [assigned, looked] = [0, 0];
  count(trial, "replicasets.apps", () => (assigned += 1));
  count(trial, "rightsizingpolicies.plimsoll.dev", () => (looked += 1));
  const first = await timed(async () => {
    await trial.fill();
    await clock.advance(60_000);
  });
  const found: Omit<Measured, "first">[] = [];
  for (let index = 0; index < changes; index += 1) {
    [assigned, looked] = [0, 0];
    const pod = podOf((index * 617) % pods);
    const cpu = await timed(async () => {
      trial.change("pods", { ...pod, status: { ...pod.status, conditions: [unplaceable] } });
      await clock.advance(10_000);
    });
    found.push({ assigned, looked, cpu });
  }
  await trial.end();
  if (trial.failures.length > 0) throw trial.failures[0];
  const median = (of: (one: (typeof found)[number]) => number): number => percentile(found.map(of), 0.5);
  return { assigned: median((one) => one.assigned), looked: median((one) => one.looked), cpu: median((one) => one.cpu), first };
}

/** Counts how often an object is asked for by its name. */
function count(trial: Trial, resource: string, counted: () => void): void {
  const view = trial.views.get(resource);
  if (view === undefined) throw new Error(`the resizing watches no ${resource}`);
  const get = view.get.bind(view);
  view.get = (namespace, name) => {
    counted();
    return get(namespace, name);
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const metadata = (name: string, more: object = {}) => ({ namespace: "a", name, uid: name, resourceVersion: "1", generation: 1, ...more });
const resources = { requests: { cpu: "100m", memory: "64Mi" } };
const containers = [{ name: "app", resources }];
const unplaceable = { type: "PodScheduled", status: "False", reason: "Unschedulable", lastTransitionTime: "2026-11-28T12:00:00Z" };
const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: name, controller: true }],
});

function podOf(index: number) {
  const workload = Math.floor(index / replicas);
  const labels = { app: `d${workload}`, group: `g${workload % policies}` };
  return {
    metadata: metadata(`p${index}`, { labels, creationTimestamp: "2026-11-28T10:00:00Z", ...owned("ReplicaSet", `r${workload}`) }),
    spec: { nodeName: "n", containers },
    status: { phase: "Running", qosClass: "Burstable" },
  };
}

/** As it is once all is applied. */
function listed(pods: number): ConstructorParameters<typeof Trial>[1] {
  const workloads = Array.from({ length: pods / replicas }, (_, index) => index);
  const answers = { type: "MetricsAvailable", status: "True", reason: "Answers", message: "", lastTransitionTime: "2026-11-28T11:00:00Z" };
  const recommendation = (index: number) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: `d${index}`,
    container: "app",
    pods: replicas,
    confidence: 100,
    samples: 1,
    seenAt: "2026-11-28T12:00:00Z",
    current: { cpu: "100m", memory: "64Mi" },
    target: { cpu: "100m", memory: "64Mi" },
    reason: "Close",
  });
  return {
    "rightsizingpolicies.plimsoll.dev": Array.from({ length: policies }, (_, policy) => ({
      metadata: metadata(`policy-${policy}`),
      spec: { mode: "in-place", selector: { matchLabels: { group: `g${policy}` } } },
      status: {
        observedGeneration: 1,
        conditions: [answers],
        recommendations: workloads.filter((index) => index % policies === policy).map(recommendation),
      },
    })),
    pods: Array.from({ length: pods }, (_, index) => podOf(index)),
    "replicasets.apps": workloads.map((index) => ({ metadata: metadata(`r${index}`, owned("Deployment", `d${index}`)) })),
    "deployments.apps": workloads.map((index) => ({
      metadata: metadata(`d${index}`),
      spec: { replicas, template: { spec: { containers } } },
    })),
  };
}
