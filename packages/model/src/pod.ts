import type { Affinity, Pod, PodSpec, PodStatus, Toleration, TopologySpreadConstraint } from "kubernetes-types/core/v1.d.ts";
import { Interned } from "./interned.ts";
import { ownerOf, type Owner } from "./owner.ts";
import { requestsOf, type Amounts } from "./amounts/requests.ts";
import type { Labels } from "./selector.ts";

/** What planners know of a pod. What it has in common with others is one object; nothing of it may be changed. */
export interface PodView {
  namespace: string;
  name: string;
  uid: string;
  /** Where it is bound to; undefined: nowhere yet. */
  node: string | undefined;
  phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  isReady: boolean;
  /** When it was asked to end, with its grace; undefined: it wasn't. Milliseconds since 1970, as all times here. */
  endsAt: number | undefined;
  createdAt: number;
  /** When the kubelet first saw it. */
  startedAt: number | undefined;
  /** When the last of its containers ended, or else its conditions changed, once it is finished. */
  finishedAt: number | undefined;
  owner: Owner | undefined;
  /** What it takes of its node's room. */
  requests: Amounts;
  shape: PodShape;
}

/** What a pod is by its template: what its siblings are, too. */
export interface PodShape {
  labels: Labels;
  /** Those that say how a pod may be disturbed. */
  annotations: Labels;
  /** Whether the kubelet made it of a file: the API server only shows it. */
  isMirror: boolean;
  priority: number;
  /** Seconds. */
  grace: number;
  /** Seconds that it may run. */
  deadline: number | undefined;
  nodeSelector: Labels;
  affinity: Affinity | undefined;
  tolerations: readonly Toleration[];
  spread: readonly TopologySpreadConstraint[];
  /** As in `TCP/8080` and `TCP/10.0.0.1/8080`. */
  hostPorts: readonly string[];
  /** PersistentVolumeClaims by name. */
  claims: readonly string[];
  /** Its volumes whose data go with it: those of emptyDir. */
  emptyDirs: readonly string[];
  /** Whether it waits for a gate to be lifted before it is placed. */
  isGated: boolean;
  scheduler: string;
}

/** The annotations that are kept. */
const kept = ["cluster-autoscaler.kubernetes.io/safe-to-evict", "karpenter.sh/do-not-disrupt"];
const mirror = "kubernetes.io/config.mirror";

const shapes = new Interned<PodShape>();
const amounts = new Interned<Amounts>();
/** What pods of many shapes have in common, as their tolerations. */
const parts = new Interned<object>();
const texts = new Map<string, string>();

/** Takes of a pod what planners know. */
export function podOf(pod: Pod): PodView {
  const { metadata = {}, spec, status = {} } = pod;
  const { namespace = "", name = "", uid = "", creationTimestamp, deletionTimestamp } = metadata;
  return {
    namespace: text(namespace),
    name,
    uid,
    node: spec?.nodeName === undefined || spec.nodeName === "" ? undefined : text(spec.nodeName),
    phase: (status.phase ?? "Pending") as PodView["phase"],
    isReady: status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
    endsAt: timeOf(deletionTimestamp),
    createdAt: timeOf(creationTimestamp) ?? 0,
    startedAt: timeOf(status.startTime),
    finishedAt: finishOf(status),
    owner: ownerOf(metadata),
    requests: amounts.of(requestsOf(pod)),
    shape: shapes.of(shapeOf(metadata.labels ?? {}, metadata.annotations ?? {}, spec), ofSharedParts),
  };
}

/** Whether a pod has ended, and takes no room any more. */
export function isFinished({ phase }: PodView): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** How features see pods: the view is theirs in common. */
export const podView = {
  project: podOf,
  indexes: {
    node: ({ node }: PodView): readonly string[] => (node === undefined ? [] : [node]),
    namespace: ({ namespace }: PodView): readonly string[] => [namespace],
  },
};

function shapeOf(labels: Labels, annotations: Labels, spec: PodSpec | undefined): PodShape {
  const { containers = [], initContainers = [], volumes = [] } = spec ?? {};
  return {
    labels,
    annotations: Object.fromEntries(kept.flatMap((key) => (annotations[key] === undefined ? [] : [[key, annotations[key]]]))),
    isMirror: annotations[mirror] !== undefined,
    priority: spec?.priority ?? 0,
    grace: spec?.terminationGracePeriodSeconds ?? 30,
    deadline: spec?.activeDeadlineSeconds,
    nodeSelector: spec?.nodeSelector ?? {},
    affinity: spec?.affinity,
    tolerations: spec?.tolerations ?? [],
    spread: spec?.topologySpreadConstraints ?? [],
    // Other init containers' ports aren't kept for them.
    hostPorts: [...containers, ...initContainers.filter((one) => (one as { restartPolicy?: string }).restartPolicy === "Always")].flatMap(
      ({ ports = [] }) =>
        ports.flatMap(({ hostPort, hostIP, protocol = "TCP" }) =>
          hostPort ? [[protocol, ...(hostIP === undefined || hostIP === "0.0.0.0" ? [] : [hostIP]), hostPort].join("/")] : [],
        ),
    ),
    claims: volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
    emptyDirs: volumes.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [name])),
    isGated: ((spec as { schedulingGates?: unknown[] } | undefined)?.schedulingGates ?? []).length > 0,
    scheduler: spec?.schedulerName ?? "default-scheduler",
  };
}

function finishOf({ phase, containerStatuses = [], conditions = [] }: PodStatus): number | undefined {
  if (phase !== "Succeeded" && phase !== "Failed") return undefined;
  const finished = containerStatuses.flatMap(({ state }) => timeOf(state?.terminated?.finishedAt) ?? []);
  const times = finished.length > 0 ? finished : conditions.flatMap(({ lastTransitionTime }) => timeOf(lastTransitionTime) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Of a new shape, what others have, too. */
function ofSharedParts(shape: PodShape): PodShape {
  const shared = <T extends object>(part: T): T => parts.of(part);
  return {
    ...shape,
    annotations: shared(shape.annotations),
    nodeSelector: shared(shape.nodeSelector),
    tolerations: shared(shape.tolerations),
    spread: shared(shape.spread),
    hostPorts: shared(shape.hostPorts),
    claims: shared(shape.claims),
    emptyDirs: shared(shape.emptyDirs),
  };
}

/** One string for all that are equal: the names of nodes and namespaces stand in very many pods. */
function text(value: string): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  // There are only so many at a time; old ones need not be kept for ever.
  if (texts.size > 20_000) texts.clear();
  texts.set(value, value);
  return value;
}

/** Milliseconds since 1970. The API server has `null` for times that nobody knows, as of a container that could not be found any more. */
export function timeOf(time: string | null | undefined): number | undefined {
  return time === undefined || time === null ? undefined : Date.parse(time);
}
