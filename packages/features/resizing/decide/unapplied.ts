import type { Recommendation, RightSizingPolicy } from "@plimsoll/api";
import { parseQuantity } from "@plimsoll/model";
import { isNear, sizedResources, type SizedResource } from "@plimsoll/model/sizing";

/** The resources that aren't changed, as an autoscaler holds them. */
export function heldOf({ heldBy = [] }: Recommendation): readonly SizedResource[] {
  return sizedResources.filter((resource) => heldBy.some(({ resources }) => resources.includes(resource)));
}

/** What of a container's recommendation isn't applied, however its pods are, with the way out. `workload`: its title. */
export function unappliedOf(
  one: Recommendation,
  workload: string,
  { mode, limits, containers, minChange = 10 }: RightSizingPolicy["spec"],
): string[] {
  const said = (why: string): string => `${workload}, container ${one.container}: ${why}`;
  const held = (one.heldBy ?? []).flatMap(({ kind, name, resources }): string[] => {
    const kept = resources.filter((resource) => one.target !== undefined && one.target[resource] !== one.current[resource]);
    if (kept.length === 0) return [];
    const does = kind === "HorizontalPodAutoscaler" ? "scales by it" : "changes it";
    return [
      said(
        `${kept.join(" and ")} stays, as the ${kind} ${name} ${does}: leave it out of \`resources\`, or say \`respectAutoscalers: false\``,
      ),
    ];
  });
  const { current, currentLimits = {} } = one;
  // At its limit may be its CPU.
  const [memory, limit] = [amountOf(current.memory), amountOf(currentLimits.memory)];
  const isFull = one.reason === "AtLimit" && (memory === limit || isNear(memory, limit, minChange));
  const isKilled = isFull && one.oomKilledAt !== undefined;
  const wanted = containers?.find(({ name }) => name === one.container)?.limits ?? limits;
  const isChangedInPlace = mode !== "recreate" && one.kind !== "CronJob";
  const staying = wanted === "remove" && isChangedInPlace && one.target !== undefined ? Object.keys(currentLimits) : [];
  return [
    ...held,
    ...(isKilled ? [said("it was killed at its memory limit, which `limits: keep` keeps: raise that limit, or say `limits: ratio`")] : []),
    ...(staying.length > 0
      ? [
          said(
            `its limit of ${staying.join(" and ")} stays, as none goes from a pod that runs: say \`limits: keep\` or \`ratio\`, or \`mode: recreate\``,
          ),
        ]
      : []),
  ];
}

/** Of a status, which others may have written, too: not a number where it is none. */
function amountOf(quantity: string | undefined): number {
  return Number(parseQuantity(quantity ?? "") ?? NaN);
}
