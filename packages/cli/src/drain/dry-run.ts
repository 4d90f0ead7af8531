import { parseDuration, type Drain } from "@plimsoll/api";
import { count } from "@plimsoll/api/text";
import { blockerOf, explain, policyFor, rehearse, type Verdict } from "@plimsoll/features/draining";
import type { Cluster, PodView } from "@plimsoll/model";
import { formatTable } from "../output/table.ts";
import type { Paint } from "../output/paint.ts";
import type { ClusterNow } from "./cluster-now.ts";
import { refusal } from "./refused.ts";

/** What would become of a pod. */
export interface Fate {
  pod: PodView;
  verdict: Verdict;
  /** In which wave it would go, from 1; undefined: it needn't, or wouldn't. */
  wave: number | undefined;
  /** Whether it would be left on its node though it has to go. */
  stays: boolean;
  /** What a Drain with surge does for it, in words; undefined: nothing. */
  surge: string | undefined;
}

/** What would become of each pod of some nodes if these were drained, in the order in which they would go. */
export function fatesOf({ spec }: Drain, nodes: readonly string[], { noSurge, ...known }: ClusterNow, now: number): Fate[] {
  const canSurge = (pod: PodView): boolean => noSurge(pod) === undefined;
  const plans = rehearse({ ...known, canSurge, now, inFlight: [], drains: [{ nodes, policy: policyFor(spec, now) }] });
  const waited = new Set(
    plans.flatMap(({ verdicts }) => [...verdicts.values()].flatMap(({ pod, verdict }) => (waitsForSurge(verdict) ? [pod.uid] : []))),
  );
  const surgeOf = (pod: PodView): string | undefined => {
    if (waited.has(pod.uid)) return "once one more replica is ready";
    const why = spec.surge && isAlone(pod, known.cluster) ? noSurge(pod) : undefined;
    return why === undefined ? undefined : `without one more replica, as ${why}`;
  };
  const left = plans.at(-1)?.verdicts;
  const waves = plans.filter(({ evict }) => evict.length > 0);
  const waveOf = new Map(waves.flatMap(({ evict }, index) => evict.map(({ pod }) => [pod.uid, index + 1] as const)));
  const pods = new Map(plans.flatMap(({ verdicts }) => [...verdicts]));
  return [...pods.values()]
    .map(({ pod, verdict }) => {
      const wave = waveOf.get(pod.uid);
      const stays = wave === undefined && verdict.kind !== "skipped" && left?.has(pod.uid) === true;
      return { pod, verdict, wave, stays, surge: surgeOf(pod) };
    })
    .toSorted((a, b) => (a.wave ?? Infinity) - (b.wave ?? Infinity) || Number(a.stays) - Number(b.stays));
}

function waitsForSurge(verdict: Verdict): boolean {
  return verdict.kind === "waits" && verdict.for === "surge";
}

/** Whether a pod is the only one of its workload that is ready. */
function isAlone({ owner, uid, isReady }: PodView, cluster: Cluster): boolean {
  if (!isReady || (owner?.kind !== "ReplicaSet" && owner?.kind !== "StatefulSet")) return false;
  return !Iterator.from(cluster.podsOf(owner.uid)).some((sibling) => sibling.uid !== uid && sibling.isReady);
}

/** Where a pod would go, or what it waits for, or what is in its way and the way out. */
function whatOf({ pod, verdict, surge }: Fate): string {
  if (verdict.kind === "evict")
    return verdict.to === undefined
      ? "gone: nothing makes it again"
      : [`room on ${verdict.to}`, ...(surge === undefined ? [] : [surge])].join(", ");
  if (verdict.kind === "refused") return refusal(verdict);
  return blockerOf({ pod, verdict, isReturned: false, refusal: undefined }, Date.now())?.message ?? explain(verdict);
}

/** The pods as a table, and what is to be known of all. */
export function formatFates(
  fates: readonly Fate[],
  nodes: readonly string[],
  { waitForJobs }: Drain["spec"],
  now: number,
  paint: Paint,
): string[] {
  const shown = fates.filter(({ verdict }) => verdict.kind !== "skipped");
  const kept = shown.filter(({ stays }) => stays);
  const waves = Math.max(0, ...shown.map(({ wave }) => wave ?? 0));
  const rows = shown.map((fate) => [
    fate.wave === undefined ? (fate.stays ? paint("red", "stays") : "ends") : String(fate.wave),
    fate.pod.node ?? "",
    `${fate.pod.namespace}/${fate.pod.name}`,
    whatOf(fate),
  ]);
  const skipped = fates.length - shown.length;
  return [
    ...(rows.length > 0 ? [formatTable(["WAVE", "NODE", "POD", "WHAT"], rows)] : []),
    `${count(nodes.length, "node")}: ${shown.length - kept.length} of ${count(shown.length, "pod")} would go, in ${count(waves, "wave")}; ${skipped} stay in any case (of DaemonSets, mirror pods, ended ones)`,
    ...(kept.length > 0 ? [`${kept.length} would not go: the nodes would not be drained`] : []),
    ...(waitForJobs === undefined ? [] : [`pods of Jobs would be given until ${new Date(now + parseDuration(waitForJobs)).toISOString()}`]),
  ];
}
