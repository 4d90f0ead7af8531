import { findCondition, type WorkloadSet } from "@plimsoll/api";
import { isNotFound, type Stored } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";
import { idlePod, simulated, type Client, type Place } from "./cluster.ts";

/** The resources of the kinds that sets may hold by default. */
export const resources = [
  "configmaps",
  "services",
  "deployments.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "pods",
  "jobs.batch",
  "cronjobs.batch",
] as const;

/** An object as it is in the cluster, whatever its kind. */
export interface LiveObject {
  metadata: {
    name: string;
    uid: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { uid: string }[];
    deletionTimestamp?: string;
  };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

interface Methods {
  get: (ref: { namespace: string; name: string }) => Promise<LiveObject>;
  list: (options: { namespace: string }) => AsyncIterable<LiveObject>;
  create: (object: object) => Promise<LiveObject>;
  patch: (ref: { namespace: string; name: string }, patch: object) => Promise<LiveObject>;
  delete: (ref: { namespace: string; name: string }) => Promise<void>;
}

/** What tests do with objects of these kinds, as the administrator. */
export function objectsIn(client: Client, resource: (typeof resources)[number]): Methods {
  return client(resource) as unknown as Methods;
}

const { spec } = idlePod("", "");
const template = { metadata: { labels: { app: "x" } }, spec };
const selector = { matchLabels: { app: "x" } };
const job = { suspend: true, template: { spec: { ...spec, restartPolicy: "Never" } } };

/** An object of each of these kinds, by its resource, of which nothing runs. */
export function idleObjects(name: string): Record<(typeof resources)[number], Record<string, unknown>> {
  const metadata = { name };
  return {
    configmaps: { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } },
    services: { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: "x" }, ports: [{ port: 80 }] } },
    "deployments.apps": { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 0, selector, template } },
    "statefulsets.apps": {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata,
      spec: { replicas: 0, serviceName: name, selector, template },
    },
    "daemonsets.apps": { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: { selector, template } },
    pods: { apiVersion: "v1", kind: "Pod", metadata, spec },
    "jobs.batch": { apiVersion: "batch/v1", kind: "Job", metadata, spec: job },
    "cronjobs.batch": {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata,
      spec: { schedule: "0 3 1 1 *", suspend: true, jobTemplate: { spec: job } },
    },
  };
}

/** Writes a set, as the administrator. */
export function createSet(
  { client, namespace }: Pick<Place, "client" | "namespace">,
  name: string,
  spec: WorkloadSet["spec"],
): Promise<Stored<WorkloadSet>> {
  return client("workloadsets.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "WorkloadSet",
    metadata: { namespace, name },
    spec,
  });
}

/** A set's condition as the text `status/reason: message`. */
export function conditionOf({ status }: WorkloadSet, type: string): string {
  const found = findCondition(status, type);
  return found === undefined ? "" : `${found.status}/${found.reason}: ${found.message}`;
}

/** Waits until a set has been looked at as it is now, and its conditions are as wanted; gives it. */
export async function untilSet(
  { client, namespace }: Pick<Place, "client" | "namespace">,
  name: string,
  wanted: Readonly<Record<string, string | RegExp>>,
  seconds = 120,
): Promise<Stored<WorkloadSet>> {
  let set: Stored<WorkloadSet> | undefined;
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(100)) {
    set = await client("workloadsets.plimsoll.dev").get({ namespace, name });
    const { generation } = set.metadata;
    const now = set;
    const holds = Object.entries(wanted).every(([type, is]) => {
      const text = conditionOf(now, type);
      return typeof is === "string" ? text.startsWith(`${is}/`) : is.test(text);
    });
    if (holds && set.status?.observedGeneration === generation) return set;
  }
  throw new Error(`the set ${name} is not ${JSON.stringify(wanted)} within ${seconds} s: ${JSON.stringify(set?.status, null, 1)}`);
}

/** An object, or undefined where there is none. */
export async function objectOr(
  client: Client,
  resource: (typeof resources)[number],
  ref: { namespace: string; name: string },
): Promise<LiveObject | undefined> {
  try {
    return await objectsIn(client, resource).get(ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What the API server has of an object in a place, or undefined. */
export function read(
  { client, namespace }: Pick<Place, "client" | "namespace">,
  resource: (typeof resources)[number],
  name: string,
): Promise<LiveObject | undefined> {
  return objectOr(client, resource, { namespace, name });
}

export function map(name: string, a = "1", metadata: object = {}): Record<string, unknown> {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data: { a } };
}

/** A Deployment whose pods run on simulated nodes. */
export function deployment(name: string, replicas: number): Record<string, unknown> {
  const { nodeSelector: _, ...pod } = spec ?? {};
  return {
    ...idleObjects(name)["deployments.apps"],
    spec: { replicas, selector, template: { ...template, spec: { ...pod, ...simulated } } },
  };
}
