import { byLabel, keyOf, workloadOf, type Workload } from "@plimsoll/model/sizing";
import { isOpen, readChange, type Change } from "../decide/change.ts";
import type { Rules, Situation } from "../decide/situation.ts";
import type { ResizablePod } from "../observe/pod.ts";
import type { AppliedPolicy } from "./policy.ts";
import type { Refusals } from "./refusals.ts";
import type { Seen } from "./seen.ts";
import { asIs } from "./situations.ts";

/** How often it is looked at what a policy has no say in any more, in milliseconds: it isn't told of its pods. */
export const formerPause = 60_000;

/** What a policy has changed of what it recommends nothing for any more, as its choice was narrowed: it is watched as long as it would have been. */
export interface Former {
  situations: Situation[];
  /** Those of which there are no pods now. */
  podless: Change[];
}

export function formerOf(
  policy: AppliedPolicy,
  { pods, owner, template, refusals }: Pick<Seen, "pods" | "owner" | "template"> & { refusals: Refusals },
  { watch }: Rules,
  now: number,
): Former {
  const { namespace = "" } = policy.metadata;
  const known = new Set((policy.status?.recommendations ?? []).map((one) => keyOf({ ...one, namespace }, one.container)));
  const open = (policy.status?.changes ?? []).map(readChange).filter((change) => !known.has(change.key) && isOpen(change, watch, now));
  const changes = new Map(open.map((change) => [change.key, change]));
  if (changes.size === 0) return { situations: [], podless: [] };
  const found = new Map<string, { workload: Workload; pods: ResizablePod[] }>();
  for (const pod of pods.by("namespace", namespace)) {
    const its = workloadOf(pod, owner);
    const workload = its && byLabel(its, pod, policy.spec.jobs?.label);
    if (workload === undefined || !pod.shape.containers.some(({ name }) => changes.has(keyOf(workload, name)))) continue;
    const key = keyOf(workload, "");
    found.set(key, { workload, pods: [...(found.get(key)?.pods ?? []), pod] });
  }
  const situations = [...found.values()].map(({ workload, pods }): Situation => {
    const containers = pods.flatMap(({ shape }) => shape.containers.map((one) => one.name));
    return { ...asIs(workload, pods, containers, { changes, template, refusals }), advice: new Map(), budgets: [] };
  });
  const watched = new Set(situations.flatMap((one) => [...one.changes.values()].map(({ key }) => key)));
  return { situations, podless: open.filter(({ key }) => !watched.has(key)) };
}
