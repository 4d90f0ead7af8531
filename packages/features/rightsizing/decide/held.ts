import type { Recommendation, RightSizingPolicy } from "@plimsoll/api";
import { groupOf, type Workload } from "@plimsoll/model/sizing";
import type { Holder } from "../observe/holder.ts";

type Held = NonNullable<Recommendation["heldBy"]>;

/**
 * Which of a workload's autoscalers hold what of a container's resources; undefined: none, or the policy is to apply whatever they hold. By those
 * that are made for the policy it is that what it recommends is applied.
 */
export function heldBy(
  holders: readonly Holder[],
  { apiVersion, kind, name }: Workload,
  container: string,
  { metadata: { uid }, spec: { respectAutoscalers = true, verticalPodAutoscalers } }: Pick<RightSizingPolicy, "metadata" | "spec">,
): Held | undefined {
  if (!respectAutoscalers) return undefined;
  const held = holders.flatMap((holder): Held => {
    const { target, madeFor } = holder;
    if (madeFor !== undefined && madeFor === uid && verticalPodAutoscalers !== undefined) return [];
    const isOf = target.kind === kind && target.name === name && (target.group ?? groupOf(apiVersion)) === groupOf(apiVersion);
    const resources = isOf ? (holder.own[container] ?? holder.others) : [];
    return resources.length === 0 ? [] : [{ kind: holder.kind, name: holder.name, resources: [...resources] }];
  });
  return held.length === 0 ? undefined : held.toSorted((a, b) => (`${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1));
}
