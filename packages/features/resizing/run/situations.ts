import { appliedConfidence, type Recommendation } from "@plimsoll/api";
import { matches } from "@plimsoll/model";
import { groupOf, isBatch, keyOf, sizedResources, titleOf, type SizedResource, type Workload } from "@plimsoll/model/sizing";
import { readChange, type Change } from "../decide/change.ts";
import type { Rules, Situation } from "../decide/situation.ts";
import { only } from "../decide/resources.ts";
import { heldOf, unappliedOf } from "../decide/unapplied.ts";
import { wantedBy, type Wanted } from "../decide/wanted.ts";
import type { ResizablePod } from "../observe/pod.ts";
import type { AppliedPolicy } from "./policy.ts";
import type { Refusals } from "./refusals.ts";
import type { Seen } from "./seen.ts";

/** For how long what was seen says what is to be asked for now, in milliseconds. */
const stale = 60 * 60_000;

/** What a policy has recommendations for, as it stands. */
export interface Situations {
  situations: Situation[];
  /** Containers that are known too little to be changed. */
  unsure: number;
  /** Those whose use was not seen of late. */
  unseen: number;
  /** What isn't applied, however the workloads' pods are. */
  unapplied: string[];
}

/** What of the cluster says how workloads stand, beside their pods. */
export type Around = Pick<Seen, "budgets" | "template"> & { refusals: Refusals };

/** `pods`: those that the policy has, by the keys of their workloads. */
export function situationsOf(
  policy: AppliedPolicy,
  pods: ReadonlyMap<string, readonly ResizablePod[]>,
  { budgets, template, refusals }: Around,
  { mode, minChange }: Rules,
  now: number,
): Situations {
  const { namespace = "" } = policy.metadata;
  const changes = new Map((policy.status?.changes ?? []).map((change) => [change.key, readChange(change)]));
  const least = policy.spec.minConfidence ?? appliedConfidence;
  const guards = mode === "recreate" ? budgets.by("namespace", namespace) : [];
  let [unsure, unseen] = [0, 0];
  const unapplied: string[] = [];
  const adviceOf = (one: Recommendation, key: string): Situation["advice"] extends ReadonlyMap<string, infer A> ? A : never => {
    const isSure = one.confidence >= least && isOfNow(one, now);
    if (one.target !== undefined && one.confidence < least) unsure += 1;
    else if (one.target !== undefined && !isSure) unseen += 1;
    // However little else is known: that a kill asks for more is sure.
    const isKilled = one.oomKilledAt !== undefined;
    const all = isSure || isKilled ? wantedBy(one, changes.get(key), minChange) : undefined;
    const held = heldOf(one);
    const free = sizedResources.filter((resource) => !held.includes(resource) && (isSure || resource === "memory"));
    const wanted = all && wantedOnly(all, free);
    return isSure || wanted === undefined ? { key, wanted } : { key, wanted, upOnly: true };
  };
  const workloads = Map.groupBy(policy.status?.recommendations ?? [], (one) => keyOf({ ...one, namespace }, ""));
  const situations = [...workloads].map(([key, recommendations]): Situation => {
    const [first] = recommendations as [Recommendation, ...Recommendation[]];
    const workload: Workload = { ...first, namespace };
    const title = titleOf(first);
    unapplied.push(...recommendations.flatMap((one) => unappliedOf(one, title, policy.spec)));
    const own = pods.get(key) ?? [];
    const containers = recommendations.map(({ container }) => container);
    const labels = new Set(own.filter(({ isOver }) => !isOver).map(({ shape }) => shape.labels));
    return {
      ...asIs(workload, own, containers, { changes, template, refusals }),
      advice: new Map(recommendations.map((one) => [one.container, adviceOf(one, keyOf(workload, one.container))])),
      budgets: guards.filter(({ selector }) => labels.values().some((some) => matches(selector, some))),
    };
  });
  return { situations, unsure, unseen, unapplied };
}

/** A workload's situation but for what is wanted of it, and what guards it. `changes`: all of the policy's, by their keys. */
export function asIs(
  workload: Workload,
  pods: readonly ResizablePod[],
  containers: readonly string[],
  { changes, template, refusals }: Pick<Around, "template" | "refusals"> & { changes: ReadonlyMap<string, Change> },
): Omit<Situation, "advice" | "budgets"> {
  const { apiVersion, kind, namespace, name } = workload;
  const made = isOwn(apiVersion) ? template(kind, namespace, name) : undefined;
  const changed = containers.flatMap((container): [string, Change][] => {
    const change = changes.get(keyOf(workload, container));
    // What was done to an earlier object of the name is no matter of this one.
    return change === undefined || change.at < (made?.createdAt ?? 0) ? [] : [[container, change]];
  });
  return {
    title: titleOf(workload),
    about: { apiVersion, kind, name },
    pods,
    template: made,
    changes: new Map(changed),
    refused: refusals.of([...pods.map(({ uid }) => uid), ...(made === undefined ? [] : [made.uid])]),
  };
}

function wantedOnly({ unlimited, ...resources }: Wanted, of: readonly SizedResource[]): Wanted | undefined {
  return of.length === 0 ? undefined : { ...only(resources, of), unlimited: unlimited.filter((resource) => of.includes(resource)) };
}

/** Of Kubernetes' own kinds. */
function isOwn(apiVersion: string): boolean {
  return ["apps", "batch"].includes(groupOf(apiVersion));
}

/** Whether the recommendation is one of now: its workload's use was seen in the last hour, or it is one whose pods come and go. */
function isOfNow({ apiVersion, kind, pods, seenAt }: Recommendation, now: number): boolean {
  return isBatch({ apiVersion, kind }) || pods === 0 || seenAt === undefined || now - Date.parse(seenAt) < stale;
}
