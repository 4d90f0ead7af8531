import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";

/** How far the pods of a Deployment are. */
export interface Rollout {
  name: string;
  wanted: number;
  /** Pods of the newest kind, and of these and the older ones those that are available. */
  updated: number;
  available: number;
  done: boolean;
  /** Why it isn't, a line each. */
  troubles: string[];
}

/** What only further requests tell of pods, by their names. */
export interface PodNews {
  /** The last line of the log of a container that has ended. */
  logs?: ReadonlyMap<string, string>;
  /** The last warning about it. */
  warnings?: ReadonlyMap<string, string>;
}

/** Judges a Deployment as `kubectl rollout status` does, and says of the pods that are wanting what is the matter with them. */
export function rolloutOf({ metadata, spec, status }: Deployment, pods: readonly Pod[], news: PodNews = {}): Rollout {
  const wanted = spec?.replicas ?? 1;
  const {
    observedGeneration = 0,
    replicas = 0,
    updatedReplicas: updated = 0,
    availableReplicas: available = 0,
    conditions = [],
  } = status ?? {};
  const isSeen = observedGeneration >= (metadata?.generation ?? 0);
  const done = isSeen && updated >= wanted && replicas <= updated && available >= updated;
  const failed = conditions
    .filter(({ type, status }) => type === "ReplicaFailure" && status === "True")
    .map(({ message = "" }) => `no pod can be made: ${message}`);
  const troubles = done ? [] : [...new Set([...failed, ...wanting(pods).flatMap((pod) => troubleOf(pod, news))])];
  return { name: metadata?.name ?? "", wanted, updated, available, done, troubles };
}

/** The pods that ought to run, and don't serve. */
export function wanting(pods: readonly Pod[]): Pod[] {
  return pods.filter(
    ({ metadata, status }) =>
      metadata?.deletionTimestamp === undefined && !status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
  );
}

function troubleOf({ metadata, status }: Pod, { logs, warnings }: PodNews): string[] {
  const name = metadata?.name ?? "";
  const unscheduled = status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled) return [`no node takes a pod: ${unscheduled.message ?? unscheduled.reason ?? ""}`];
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const found = containers.flatMap((container) => containerTrouble(container, logs?.get(name)));
  if (found.length > 0) return found.map((trouble) => `pod ${name}: ${trouble}`);
  const warning = warnings?.get(name);
  return warning === undefined ? [] : [`pod ${name}: ${warning}`];
}

function containerTrouble({ image, state, lastState }: ContainerStatus, log: string | undefined): string[] {
  const { reason = "", message = "" } = state?.waiting ?? {};
  if (/^(Err|Image|Invalid)\w*Image|^ImagePullBackOff|^RegistryUnavailable/.test(reason))
    return [[`${reason} of ${image}`, message].filter(Boolean).join(": ")];
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended) {
    const why = ended.reason === "Error" || ended.reason === undefined ? "" : ` (${ended.reason})`;
    const last = ended.message?.trim() || log;
    return [`ended with code ${ended.exitCode}${why}${last ? `: ${last}` : ""}`];
  }
  // These are what every pod begins with.
  if (reason === "" || reason === "ContainerCreating" || reason === "PodInitializing") return [];
  return [[reason, message].filter(Boolean).join(": ")];
}
