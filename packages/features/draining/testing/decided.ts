import type { Drain, DrainStatus } from "@plimsoll/api";
import { Cluster, nodeOf, podOf, type Budget, type NodeView } from "@plimsoll/model";
import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { planDrain } from "../plan/index.ts";
import type { Refusal } from "../decide/blocker.ts";
import { markOf, markText } from "../decide/cordon.ts";
import { decide, type Decisions } from "../decide/decide.ts";
import { finalizer, isEnded, policyOf, viewDrain, type DrainView } from "../decide/drain-view.ts";
import { scopeOf } from "../decide/scope.ts";

/** When all of it is. */
export const now = Date.parse("2026-11-28T12:00:00Z");
/** So many seconds later. */
export const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

/** A Drain that is a minute old. */
export const drainOf = (name: string, spec: Drain["spec"], status: DrainStatus = {}, metadata: object = {}): Drain => ({
  apiVersion: "plimsoll.dev/v1alpha1",
  kind: "Drain",
  metadata: { name, uid: `uid-${name}`, generation: 1, creationTimestamp: at(-60), finalizers: [finalizer], ...metadata },
  spec,
  status,
});

/** A node of eight cores, cordoned by Drains or somebody else. */
export const node = (
  name: string,
  {
    cordonedBy = [],
    cordoned = cordonedBy.length > 0,
    ...more
  }: { cordonedBy?: string[]; cordoned?: boolean; labels?: Record<string, string> } = {},
): Node => ({
  metadata: {
    name,
    uid: `uid-${name}`,
    labels: { "kubernetes.io/hostname": name, ...more.labels },
    annotations: Object.fromEntries(cordonedBy.map((drain) => [markOf(`uid-${drain}`), markText(drain, now - 30_000)])),
  },
  spec: { unschedulable: cordoned },
  status: { allocatable: { cpu: "8", memory: "32Gi", pods: "50" }, conditions: [{ type: "Ready", status: "True" }] },
});

const owner = (name: string, kind = "ReplicaSet") => [{ apiVersion: "apps/v1", kind, name, uid: `uid-${name}`, controller: true }];

/** A pod of a Deployment that has run for an hour. */
export const pod = (
  name: string,
  on: string,
  { labels = {}, metadata = {}, spec = {} }: { labels?: Record<string, string>; metadata?: object; spec?: object } = {},
): Pod => ({
  metadata: {
    namespace: "shop",
    name,
    uid: `uid-${name}`,
    labels: { app: "web", "pod-template-hash": "1", ...labels },
    creationTimestamp: at(-3600),
    ownerReferences: owner("web-1"),
    ...metadata,
  },
  spec: { nodeName: on, containers: [{ name: "main", resources: { requests: { cpu: "100m" } } }], ...spec },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], startTime: at(-3600) },
});

interface World {
  drains: Drain[];
  nodes: Node[];
  pods?: Pod[];
  budgets?: Budget[];
  refusals?: ReadonlyMap<string, Refusal>;
}

/** What is decided about a world, by the planner itself. */
export function decided({
  drains,
  nodes,
  pods = [],
  budgets = [],
  refusals = new Map(),
}: World): Decisions & { statusOf: (drain: string) => DrainStatus | undefined } {
  const cluster = new Cluster();
  const views = nodes.map((node) => nodeOf(node));
  for (const view of views) cluster.setNode(view);
  for (const one of pods) cluster.setPod(podOf(one));
  const find = (name: string): NodeView | undefined => views.find((view) => view.name === name);
  const scoped = drains.map((drain) => {
    const view = viewDrain(drain);
    return { drain: view, scope: scopeOf(view, views, find) };
  });
  const active = (drain: DrainView): boolean => !drain.isDeleted && !isEnded(drain);
  const plan = planDrain({
    cluster,
    budgets: () => budgets,
    inFlight: [],
    now,
    drains: scoped.flatMap(({ drain, scope }) => (active(drain) ? [{ nodes: scope.nodes, policy: policyOf(drain, now) }] : [])).slice(0, 1),
  });
  const decisions = decide({
    drains: scoped,
    plan,
    nodes: views,
    node: find,
    podsOn: (name) => cluster.podsOn(name),
    refusals,
    deleted: new Set(),
    now,
  });
  return { ...decisions, statusOf: (name) => decisions.statuses.get(`uid-${name}`) };
}

/** The names of pods that something is to be done with. */
export const names = (pods: readonly { pod: { name: string } }[]): string[] => pods.map(({ pod }) => pod.name);
