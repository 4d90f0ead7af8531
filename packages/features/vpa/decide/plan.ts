import type { VerticalPodAutoscaler, VpaSpec, VpaStatus } from "@plimsoll/api";
import { statusChange } from "@plimsoll/kube";
import { inOrder } from "@plimsoll/model/sizing";
import { isBuiltIn, titleOf } from "../target.ts";
import type { Autoscaler } from "./autoscaler.ts";
import { desiredOf } from "./desired.ts";
import type { Policy } from "./policy.ts";
import { statusOf, type Source } from "./status.ts";

/** What there is about one target. */
export interface Observed {
  key: string;
  /** Those that have its pods. */
  policies: readonly Policy[];
  /** Those that are about it. */
  autoscalers: readonly Autoscaler[];
  /** The one of a name, whatever it is about. */
  named: (name: string) => Autoscaler | undefined;
  /** Whether there is a policy, as it was when it had this UID. */
  isThere: (owner: { name: string; uid: string }) => boolean;
}

/** Why a policy's VerticalPodAutoscaler isn't there. */
export interface Hindrance {
  reason: "NameTaken" | "OtherAutoscaler";
  message: string;
}

/** What is to be done about one target. */
export interface Plan {
  /** Whose recommendations count, and whether it wants a VerticalPodAutoscaler. */
  source: (Source & { policy: Policy; isWanted: boolean }) | undefined;
  remove: readonly Autoscaler[];
  create?: VerticalPodAutoscaler;
  patch?: { of: Autoscaler; spec: object };
  statuses: readonly { of: Autoscaler; status: VpaStatus; change: object }[];
  hindrance?: Hindrance;
}

/** `now` in milliseconds since 1970. */
export function decide({ key, policies, autoscalers, named, isThere }: Observed, now: number): Plan {
  const [policy] = inOrder(policies);
  const advice = policy?.advice.get(key);
  const isWanted = policy?.updateMode !== undefined && advice !== undefined && isBuiltIn(advice);
  const source = policy && advice && { policy, advice, isWanted };
  const desired = isWanted && source ? desiredOf(source.policy, source.advice) : undefined;
  const name = desired?.metadata.name;

  const ours = autoscalers.filter(({ owner, isDeleting }) => owner !== undefined && isThere(owner) && !isDeleting);
  // Those that are being deleted, or whose policy is gone, need no deed: once they have gone, that is told.
  const isGoing = ({ owner, isDeleting }: Autoscaler): boolean => isDeleting || (owner !== undefined && !isThere(owner));
  const others = autoscalers.filter((one) => one.owner === undefined && !one.isDeleting);
  const holder = name === undefined ? undefined : named(name);
  const hindrance = desired && hindranceOf(others, holder);
  const isHindered = hindrance !== undefined || others.length > 0;
  const kept = isHindered || holder?.owner?.uid !== policy?.metadata.uid ? undefined : holder;

  const remove = ours.filter(({ uid }) => uid !== kept?.uid);
  const waits = isHindered || holder !== undefined || remove.length > 0 || autoscalers.some(isGoing);
  const spec = kept && !kept.isDeleting && desired ? specChange(kept.spec, desired.spec) : undefined;
  const left = autoscalers.filter((one) => one.isOurs && !isGoing(one) && !remove.includes(one));
  return {
    source,
    remove,
    ...(desired !== undefined && !waits && { create: desired }),
    ...(kept !== undefined && spec !== undefined && { patch: { of: kept, spec } }),
    // What is changed first comes again.
    statuses: left.flatMap((of) => {
      const status = statusOf(of, source, now);
      const change = of === kept && spec !== undefined ? undefined : statusChange(of.status, status);
      return change === undefined ? [] : [{ of, status, change }];
    }),
    ...(hindrance !== undefined && { hindrance }),
  };
}

function hindranceOf(others: readonly Autoscaler[], holder: Autoscaler | undefined): Hindrance | undefined {
  const other = others.find(({ isOurs }) => !isOurs);
  if (other !== undefined) {
    const { name, target } = other;
    const message = `${target === undefined ? "it" : titleOf(target)} has the VerticalPodAutoscaler ${name} of somebody else's: delete that, or have it name the recommender plimsoll`;
    return { reason: "OtherAutoscaler", message };
  }
  if (holder === undefined || holder.owner !== undefined || holder.isDeleting || others.includes(holder)) return undefined;
  return { reason: "NameTaken", message: `the VerticalPodAutoscaler ${holder.name} is somebody else's: delete or rename it` };
}

/** The merge patch that makes a spec say what is desired; what is said beside that stays. */
function specChange(spec: VpaSpec, desired: VpaSpec): object | undefined {
  const { targetRef, updatePolicy, recommenders, resourcePolicy } = spec;
  return statusChange(
    {
      targetRef,
      recommenders,
      updatePolicy: { updateMode: updatePolicy?.updateMode },
      resourcePolicy: { containerPolicies: resourcePolicy?.containerPolicies },
    },
    desired,
  );
}
