import type { DrainStatus, SurgedDeployment } from "@plimsoll/api";
import { isFinished, type NodeView, type PodView } from "@plimsoll/model";
import type { DrainPlan, Eviction, Surge } from "../plan/index.ts";
import type { Refusal, Standing } from "./blocker.ts";
import { heldSince, holdersOf } from "./cordon.ts";
import { holdsNodes, isEnded, type DrainView } from "./drain-view.ts";
import { progressOf, type NodeProgress } from "./node-progress.ts";
import { hasReturned } from "./returned.ts";
import type { Scope } from "./scope.ts";
import { faulty, statusOf, timeoutOf } from "./status.ts";
import { isOfDeployment } from "./surge.ts";

/** A Drain, and which nodes it is about. */
export interface Scoped {
  drain: DrainView;
  scope: Scope;
}

/** What is known when it is decided. */
export interface Observed {
  /** All that there are, the oldest first: where several want the same node, the first drains it. */
  drains: readonly Scoped[];
  /** What the planner says of the nodes of those that are under way. */
  plan: DrainPlan;
  nodes: readonly NodeView[];
  node: (name: string) => NodeView | undefined;
  podsOn: (node: string) => Iterable<PodView>;
  /** By pod's UID. */
  refusals: ReadonlyMap<string, Refusal>;
  /** UIDs of pods whose deletion was asked for. */
  deleted: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
}

/** What is to be done. All of it may be done again. */
export interface Decisions {
  /** Each Drain's status as it should be, by UID. */
  statuses: ReadonlyMap<string, DrainStatus>;
  /** Drains that are to be kept when they are deleted, and those that needn't be any more. */
  hold: readonly DrainView[];
  letGo: readonly DrainView[];
  cordon: readonly { node: NodeView; drain: DrainView }[];
  /** Drains that no longer keep a node cordoned, by their UIDs. */
  release: readonly { node: NodeView; uid: string }[];
  evict: readonly Eviction[];
  /** Pods whose node took too long, of Drains that have them deleted then. */
  remove: readonly { pod: PodView; drain: DrainView }[];
  surge: readonly { drain: DrainView; surge: Surge }[];
  /** Deployments that are to have their scale again. */
  restore: readonly { drain: DrainView; surged: SurgedDeployment }[];
}

/** What to do about all Drains. */
export function decide(observed: Observed): Decisions {
  const { drains, plan, now } = observed;
  const standings = Map.groupBy(standingsOf(observed), ({ pod }) => pod.node ?? "");
  const statuses = new Map<string, DrainStatus>();
  const cordon: Decisions["cordon"][number][] = [];
  const remove: Decisions["remove"][number][] = [];
  const surge: Decisions["surge"][number][] = [];
  const held = new Set<string>();
  /** Which Drain drains a node. */
  const drainers = new Map<string, DrainView>();
  const released = new Map<string, ReadonlySet<string>>();

  for (const { drain, scope } of drains) {
    if (drain.isDeleted || isEnded(drain)) continue;
    if (scope.fault !== undefined) {
      statuses.set(drain.uid, faulty(drain, scope.fault, now));
      continue;
    }
    const before = new Map((drain.status.nodes ?? []).map((node) => [node.name, node]));
    const progress = scope.nodes.map((name): NodeProgress => {
      const node = observed.node(name);
      const isHeld = node !== undefined && heldSince(node, drain.uid) !== undefined;
      const pods = standings.get(name) ?? [];
      return progressOf({
        name,
        node,
        isHeld,
        pods,
        left: plan.left.get(name) ?? 0,
        before: before.get(name),
        timeout: timeoutOf(drain),
        now,
      });
    });
    const status = statusOf(drain, progress, now);
    statuses.set(drain.uid, status);
    released.set(drain.uid, new Set(progress.filter(({ phase }) => phase === "Released").map(({ name }) => name)));
    if (status.phase === "Failed") continue;
    for (const one of progress) {
      const node = observed.node(one.name);
      if (node === undefined || one.phase === "Released") continue;
      const pods = standings.get(one.name) ?? [];
      const deletes = one.timedOut === true && drain.spec.onTimeout === "delete";
      if (heldSince(node, drain.uid) === undefined) {
        if (deletes || !pods.some(hasNowhereToGo)) cordon.push({ node, drain });
        continue;
      }
      if (!drainers.has(one.name)) drainers.set(one.name, drain);
      if (node.isUnschedulable) held.add(one.name);
      if (!deletes || !node.isUnschedulable) continue;
      for (const { pod, verdict, isReturned } of pods)
        if (!isReturned && !["skipped", "ending", "refused"].includes(verdict.kind) && !observed.deleted.has(pod.uid))
          remove.push({ pod, drain });
    }
  }
  const removed = new Set(remove.map(({ pod }) => pod.uid));
  for (const one of plan.surge) {
    const drain = drainers.get(one.pod.node ?? "");
    if (drain !== undefined) surge.push({ drain, surge: one });
  }
  const evict = plan.evict.filter(({ pod }) => {
    const refusal = observed.refusals.get(pod.uid);
    const isReturned = standings.get(pod.node ?? "")?.some((one) => one.pod.uid === pod.uid && one.isReturned) ?? false;
    return held.has(pod.node ?? "") && !removed.has(pod.uid) && !isReturned && (refusal === undefined || now >= refusal.until);
  });
  return {
    statuses,
    hold: drains.flatMap(({ drain, scope }) =>
      !drain.isDeleted && !isEnded(drain) && scope.fault === undefined && !drain.hasFinalizer ? [drain] : [],
    ),
    letGo: drains.flatMap(({ drain }) => (isUndone(drain, observed) ? [drain] : [])),
    cordon,
    release: observed.nodes.flatMap((node) =>
      holdersOf(node).flatMap((uid) => (isKept(node, uid, drains, statuses, released) ? [] : [{ node, uid }])),
    ),
    evict,
    remove,
    surge,
    restore: restoresOf(observed, statuses),
  };
}

function* standingsOf({ plan, drains, node, refusals }: Observed): Generator<Standing> {
  for (const { pod, verdict } of plan.verdicts.values()) {
    const on = node(pod.node ?? "");
    const since = on === undefined ? [] : drains.flatMap(({ drain }) => heldSince(on, drain.uid) ?? []);
    const isReturned = since.length > 0 && hasReturned(pod, Math.min(...since));
    yield { pod, verdict, isReturned, refusal: refusals.get(pod.uid) };
  }
}

/** Whether a node isn't cordoned as this pod would find no other: then there is no room to spare. */
function hasNowhereToGo({ verdict }: Standing): boolean {
  return verdict.kind === "homeless" && verdict.alone;
}

/** Whether a Drain still has a node cordoned. */
function isKept(
  node: NodeView,
  uid: string,
  drains: readonly Scoped[],
  statuses: ReadonlyMap<string, DrainStatus>,
  released: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const found = drains.find(({ drain }) => drain.uid === uid);
  if (found === undefined || !holdsNodes(found.drain) || statuses.get(uid)?.phase === "Failed") return false;
  const { drain, scope } = found;
  const isReleased =
    released.get(uid)?.has(node.name) ?? drain.status.nodes?.some(({ name, phase }) => name === node.name && phase === "Released");
  return scope.fault === undefined && scope.nodes.includes(node.name) && isReleased !== true;
}

/** Whether nothing is left of a deleted Drain that has to be undone. */
function isUndone({ isDeleted, hasFinalizer, uid, status }: DrainView, { nodes }: Observed): boolean {
  return isDeleted && hasFinalizer && (status.surges ?? []).length === 0 && !nodes.some((node) => heldSince(node, uid) !== undefined);
}

/** Deployments whose pods have moved, or whose Drain is over. */
function restoresOf({ drains, podsOn }: Observed, statuses: ReadonlyMap<string, DrainStatus>): Decisions["restore"] {
  return drains.flatMap(({ drain, scope }) =>
    (drain.status.surges ?? []).flatMap((surged) => {
      const isOver = !holdsNodes(drain) || statuses.get(drain.uid)?.phase === "Failed";
      const isNeeded = scope.nodes.some((node) =>
        Iterator.from(podsOn(node)).some((pod) => pod.endsAt === undefined && !isFinished(pod) && isOfDeployment(pod, surged)),
      );
      return isOver || !isNeeded ? [{ drain, surged }] : [];
    }),
  );
}
