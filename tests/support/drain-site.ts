import type { Drain } from "@plimsoll/api";
import { kinds } from "@plimsoll/features/kinds";
import { builtin, gate, isNotFound, Transport, type Stored } from "@plimsoll/kube";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { simulated } from "./cluster.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });

/** What tests of draining do to a cluster, as its administrator. */
const permissions = declare("drain tests", [
  allow(["get", "list", "create", "patch", "delete"], "drains.plimsoll.dev", "to ask for it"),
  allow(["get", "list", "create", "patch", "delete"], "nodes", "to have nodes of a test's own, and to cordon them"),
  allow(["get", "list", "watch", "create", "patch", "delete"], "pods", "to see what becomes of them"),
  allow(["get", "create", "patch", "delete"], "deployments.apps", "to have pods that are made again"),
  allow(["get", "patch"], "deployments.apps/scale", "to scale one while it is drained"),
  allow(["get", "create", "delete"], "jobs.batch", "to have pods that end"),
  allow(["get", "create", "patch", "delete"], "poddisruptionbudgets.policy", "to hold pods"),
  allow("list", "events.events.k8s.io", "to see what was told"),
  allow(["create", "delete"], "services", "to reach pods"),
]);

export type DrainClient = ReturnType<typeof permissions.client>;

/** As the restricted Pod Security Standard wants pods. */
const restricted = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
const confined = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** A pod of a program that goes on, by default on any of the simulated nodes of a pool. */
export function podSpec(pool: string, more: Partial<PodSpec> = {}): PodSpec {
  return {
    nodeSelector: { pool },
    tolerations: simulated.tolerations,
    securityContext: restricted,
    containers: [{ name: "main", image: "busybox", securityContext: confined, resources: { requests: { cpu: "100m" } } }],
    ...more,
  };
}

export type DrainSite = ReturnType<typeof drainSite>;

/** Nodes of a test's own, simulated and in a pool by themselves, and what runs on them in a namespace that is there. */
export function drainSite(kubeconfig: string, namespace: string) {
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "drain-tests" });
  const client = permissions.client(transport);
  const pool = `pool-${randomBytes(4).toString("hex")}`;
  const made: string[] = [];

  return {
    client,
    pool,
    namespace,
    nodes: made as readonly string[],
    /** Adds simulated nodes to the pool. */
    async addNodes(count: number): Promise<string[]> {
      const names = Array.from({ length: count }, (_, index) => `${pool}-${made.length + index}`);
      for (const name of names)
        await client("nodes").create({
          metadata: { name, annotations: { "kwok.x-k8s.io/node": "fake" }, labels: { pool, type: "kwok", "kubernetes.io/hostname": name } },
          spec: { taints: [{ key: "kwok.x-k8s.io/node", value: "fake", effect: "NoSchedule" }] },
          status: { capacity: { cpu: "8", memory: "32Gi", pods: "50" }, allocatable: { cpu: "8", memory: "32Gi", pods: "50" } },
        });
      made.push(...names);
      for (const name of names)
        await until(`the node ${name} is ready`, async () => {
          const { status } = await client("nodes").get({ name });
          return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
        });
      return names;
    },
    /** Makes a Deployment, and waits until its pods are ready. */
    async deploy(name: string, replicas: number, more: Partial<PodSpec> = {}): Promise<void> {
      const labels = { app: name };
      const template = { metadata: { labels }, spec: podSpec(pool, more) };
      await client("deployments.apps").create({
        metadata: { namespace, name },
        spec: { replicas, selector: { matchLabels: labels }, template },
      });
      await until(`the ${replicas} pods of ${name} are ready`, async () => {
        const { status } = await client("deployments.apps").get({ namespace, name });
        return (status?.readyReplicas ?? 0) >= replicas;
      });
    },
    /** Makes a budget over the pods of a Deployment, and waits until it has been counted. */
    async budget(name: string, spec: object): Promise<void> {
      await client("poddisruptionbudgets.policy").create({
        metadata: { namespace, name },
        spec: { selector: { matchLabels: { app: name } }, ...spec },
      });
      await until(`the budget ${name} is counted`, async () => {
        const { status } = await client("poddisruptionbudgets.policy").get({ namespace, name });
        return status?.observedGeneration !== undefined || status?.conditions !== undefined;
      });
    },
    /** Makes a pod that nothing makes again, and waits until it runs. */
    async pod(name: string, more: Partial<PodSpec> = {}): Promise<void> {
      await client("pods").create({ metadata: { namespace, name }, spec: podSpec(pool, more) });
      await until(`the pod ${name} runs`, async () => (await client("pods").get({ namespace, name })).status?.phase === "Running");
    },
    /** The names of a Deployment's pods that aren't ending, with their nodes. */
    async podsOf(app: string): Promise<Map<string, string>> {
      const pods = await Array.fromAsync(client("pods").list({ namespace, labelSelector: `app=${app}` }));
      return new Map(
        pods
          .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
          .map(({ metadata, spec }) => [metadata.name, spec?.nodeName ?? ""]),
      );
    },
    /** A node that pods of a Deployment are on: the scheduler may put all of them on one. */
    async nodeOf(app: string): Promise<string> {
      const [node] = (await this.podsOf(app)).values();
      if (node === undefined) throw new Error(`${app} has no pods`);
      return node;
    },
    async isCordoned(name: string): Promise<boolean> {
      return (await client("nodes").get({ name })).spec?.unschedulable === true;
    },
    async replicasOf(name: string): Promise<number | undefined> {
      return (await client("deployments.apps/scale").get({ namespace, name })).spec?.replicas;
    },
    drain(name: string, spec: Drain["spec"]): Promise<Stored<Drain>> {
      return client("drains.plimsoll.dev").create({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Drain", metadata: { name }, spec });
    },
    /** Waits until a Drain is as the condition wants it. */
    async until(name: string, condition: (drain: Drain) => boolean, seconds?: number): Promise<Drain> {
      let last: Drain | undefined;
      await until(
        `the Drain ${name} is as it should be`,
        async () => {
          last = await there(client("drains.plimsoll.dev").get({ name }));
          return last !== undefined && condition(last);
        },
        seconds,
        () => JSON.stringify(last?.status, null, 1),
      );
      if (last === undefined) throw new Error(`there is no Drain ${name}`);
      return last;
    },
    ended(name: string, seconds?: number): Promise<Drain> {
      return this.until(name, ({ status }) => status?.finishedAt !== undefined, seconds);
    },
    /** Deletes a Drain, and waits until it is gone. */
    async undo(name: string, seconds?: number): Promise<void> {
      await client("drains.plimsoll.dev").delete({ name });
      await until(
        `the Drain ${name} is gone`,
        async () => (await there(client("drains.plimsoll.dev").get({ name }))) === undefined,
        seconds,
      );
    },
    /** The reasons of the events that regard objects of these names. */
    async told(...names: string[]): Promise<string[]> {
      const found = await Array.fromAsync(client("events.events.k8s.io").list());
      return found.filter(({ regarding }) => names.includes(regarding?.name ?? "")).map(({ reason }) => reason ?? "");
    },
    /** Takes the nodes away, and what was left of Drains. */
    async close(): Promise<void> {
      for await (const { metadata, spec } of client("drains.plimsoll.dev").list())
        if (spec.nodes?.some((name) => made.includes(name)) || spec.selector?.matchLabels?.["pool"] === pool) {
          await there(client("drains.plimsoll.dev").patch({ name: metadata.name }, { metadata: { finalizers: null } }));
          await there(client("drains.plimsoll.dev").delete({ name: metadata.name }));
        }
      for (const name of made) await there(client("nodes").delete({ name }));
      await transport.close();
    },
  };
}

/** Asks until the answer is yes. */
export async function until(
  what: string,
  ask: () => Promise<boolean | undefined>,
  seconds = 120,
  state: () => string = () => "",
): Promise<void> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(150)) if (await ask()) return;
  throw new Error(`after ${seconds} s, it does not hold that ${what}: ${state()}`);
}

/** What a call gives; undefined where its object isn't there. */
async function there<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
