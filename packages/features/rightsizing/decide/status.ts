import {
  conditionOf,
  firstOfProblems,
  mostSizedContainers,
  validity,
  withCondition,
  type Condition,
  type Problem,
  type Recommendation,
  type RightSizingPolicy,
  type RightSizingStatus,
} from "@plimsoll/api";
import type { Amounts } from "@plimsoll/model";
import { written, type Workload } from "@plimsoll/model/sizing";
import { together } from "../../listed.ts";
import type { Availability } from "../observe/metrics-api.ts";
import type { Holder } from "../observe/holder.ts";
import { heldBy } from "./held.ts";
import { recommend, type Current, type Known } from "./recommend.ts";
import { settingsOf } from "./settings.ts";

/** A container of a workload, as it stands in the moment. */
export interface Sized {
  key: string;
  workload: Workload;
  container: string;
  /** Pods that there are now. */
  pods: number;
  /** What the newest pod asks for; of a workload without pods, what the last one did. */
  current: Current;
  known: Known;
  /** When its use was first and last seen, and it was last killed for want of memory: milliseconds since 1970. */
  since: number | undefined;
  seenAt: number | undefined;
  kills: number;
  killedAt: number | undefined;
}

/** What a policy has chosen, and how its metrics stand. */
export interface Observed {
  sized: readonly Sized[];
  /** Pods that an older policy has. */
  taken: number;
  availability: Availability;
  /** What makes no sense of what was said last of its pods. */
  oddities: readonly string[];
  /** Its pods that run, and of which nothing, or nothing new, is said. */
  silences: readonly string[];
  /** The autoscalers of a workload. */
  holders: (workload: Workload) => readonly Holder[];
}

/** The status of a policy that can be carried out, without checkpoints. */
export function statusOf(policy: RightSizingPolicy, observed: Observed, now: number): RightSizingStatus {
  const { spec } = policy;
  const kept = keptOf(observed.sized);
  const saved = { cpu: 0, memory: 0 };
  const recommendations = kept.map((one): Recommendation => {
    const advice = recommend(one.known, one.current, settingsOf(spec, one.container), spec);
    for (const resource of ["cpu", "memory"] as const)
      saved[resource] +=
        one.pods * ((one.current.requests[resource] ?? 0) - (advice.target?.[resource] ?? one.current.requests[resource] ?? 0));
    const { requests, limits } = one.current;
    const held = heldBy(observed.holders(one.workload), one.workload, one.container, policy);
    return {
      apiVersion: one.workload.apiVersion,
      kind: one.workload.kind,
      name: one.workload.name,
      ...(one.workload.step !== undefined && { step: one.workload.step }),
      container: one.container,
      pods: one.pods,
      current: written(requests),
      ...some("currentLimits", limits),
      ...some("target", advice.target),
      ...some("limits", advice.limits),
      ...some("lower", advice.lower),
      ...some("upper", advice.upper),
      confidence: one.known.confidence,
      samples: one.known.samples,
      ...(one.since !== undefined && { since: timeText(one.since) }),
      ...(one.seenAt !== undefined && { seenAt: timeText(one.seenAt) }),
      ...(one.kills > 0 && { oomKills: one.kills }),
      ...(one.killedAt !== undefined && { oomKilledAt: timeText(one.killedAt) }),
      ...(held !== undefined && { heldBy: held }),
      reason: advice.reason,
    };
  });
  const count = recommendations.filter(({ target }) => target !== undefined).length;
  const contents: Condition[] = [
    validity(policy, now, [], "it can be carried out"),
    conditionOf(policy, now, metricsOf(observed)),
    conditionOf(policy, now, recommendingOf(count, recommendations.length, observed.taken)),
  ];
  const omitted = withPods(observed.sized) - withPods(kept);
  return {
    observedGeneration: policy.metadata.generation ?? 0,
    progress: `${count}/${recommendations.length}`,
    saved: written(saved),
    recommendations,
    ...(omitted > 0 && { omitted }),
    // What is written by others stays.
    ...(policy.status?.changes && { changes: policy.status.changes }),
    conditions: [...contents.reduce(withCondition, policy.status?.conditions ?? [])],
  };
}

/** The status of one that can't: what was recommended before stays, with what it is made of. */
export function invalidStatus(policy: RightSizingPolicy, problems: readonly Problem[], now: number): RightSizingStatus {
  const recommending = conditionOf(policy, now, {
    type: "Recommending",
    status: "False",
    reason: "Invalid",
    message: firstOfProblems(problems),
  });
  const conditions = [validity(policy, now, problems, ""), recommending].reduce(withCondition, policy.status?.conditions ?? []);
  return { ...policy.status, observedGeneration: policy.metadata.generation ?? 0, conditions: [...conditions] };
}

/** By what a place in the status is had. */
type Ranked = Pick<Sized, "key" | "pods" | "seenAt">;

/** Those that have a place in the status: what has pods comes first, then what was seen last; in an order that doesn't change by itself. */
export function keptOf<T extends Ranked>(sized: readonly T[]): T[] {
  const rank = ({ pods, seenAt = 0 }: Ranked): number => (pods > 0 ? Infinity : seenAt);
  const kept =
    sized.length <= mostSizedContainers
      ? [...sized]
      : sized.toSorted((a, b) => (rank(a) === rank(b) ? byKey(a, b) : rank(b) - rank(a))).slice(0, mostSizedContainers);
  return kept.sort(byKey);
}

function withPods(sized: readonly Sized[]): number {
  return sized.filter(({ pods }) => pods > 0).length;
}

function byKey(a: Ranked, b: Ranked): number {
  return a.key < b.key ? -1 : 1;
}

type Content = Pick<Condition, "type" | "status" | "reason" | "message">;

/** What the condition says of metrics.k8s.io. */
function metricsOf({ availability, oddities, silences }: Observed): Content {
  const type = "MetricsAvailable";
  switch (availability.state) {
    case "unasked":
      return { type, status: "Unknown", reason: "NotAsked", message: "metrics.k8s.io was not asked yet" };
    case "answers":
      if (oddities.length === 0 && silences.length === 0)
        return { type, status: "True", reason: "Answers", message: "metrics.k8s.io answers" };
      return {
        type,
        status: "True",
        reason: "Odd",
        message: [
          "metrics.k8s.io answers",
          ...(oddities.length > 0 ? [`of this policy's pods it says what can't be, which is left out: ${together(oddities)}`] : []),
          ...(silences.length > 0 ? [`of pods that run it is silent: ${together(silences)}`] : []),
        ].join("; "),
      };
    case "away":
      return {
        type,
        status: "False",
        reason: "NotAnswering",
        message: `${availability.message}, since ${timeText(availability.since)}: recommendations stay as they are`,
      };
  }
}

function recommendingOf(count: number, all: number, taken: number): Content {
  const type = "Recommending";
  const pods = taken === 1 ? "1 pod that it chooses belongs" : `${taken} pods that it chooses belong`;
  const others = taken > 0 ? `; ${pods} to an older policy` : "";
  if (all === 0) return { type, status: "False", reason: "NoPods", message: `it has chosen no pod yet${others}` };
  if (count === 0) return { type, status: "False", reason: "Learning", message: `there is no recommendation yet: each says why${others}` };
  return { type, status: "True", reason: "Recommending", message: `there are recommendations for ${count} of ${all} containers${others}` };
}

/** In seconds, as Kubernetes writes times. */
function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function some<K extends string>(key: K, amounts: Amounts | undefined): Partial<Record<K, ReturnType<typeof written>>> {
  if (amounts === undefined || Object.keys(amounts).length === 0) return {};
  return { [key]: written(amounts) } as Record<K, ReturnType<typeof written>>;
}
