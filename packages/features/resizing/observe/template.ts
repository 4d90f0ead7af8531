import { sizedContainersOf, type SizedContainer } from "@plimsoll/model/sizing";
import type { DaemonSet, Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { CronJob } from "kubernetes-types/batch/v1.d.ts";

/** How pods follow their template: all do; they are being replaced; that has failed; or somebody has halted it. */
export type Rollout =
  { state: "steady" } | { state: "failed" | "halted"; message: string } | { state: "underway"; message: string; unbounded?: Unbounded };

/** What is to be known of a roll-out for which Kubernetes has no deadline. */
export interface Unbounded {
  /** Whether pods are missing that are to be made, as where admission refuses them. */
  isShort: boolean;
  /** How long a pod may take to end, in milliseconds. */
  grace: number;
}

/** What is kept of an object that makes pods by a template. */
export interface Template {
  kind: "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob";
  namespace: string;
  name: string;
  uid: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  generation: number;
  containers: readonly SizedContainer[];
  /** Whether its pods are replaced when it changes. */
  replacesPods: boolean;
  rollout: Rollout;
}

const steady: Rollout = { state: "steady" };
const underway: Extract<Rollout, { state: "underway" }> = {
  state: "underway",
  message: "its pods are being replaced, or not all are there",
};

function unbounded(spec: { terminationGracePeriodSeconds?: number } | undefined, isShort: boolean): Rollout {
  return { ...underway, unbounded: { isShort, grace: (spec?.terminationGracePeriodSeconds ?? 30) * 1_000 } };
}

type Metadata = Deployment["metadata"];

function made(
  kind: Template["kind"],
  metadata: Metadata = {},
  spec: Parameters<typeof sizedContainersOf>[0],
  rest: Pick<Template, "replacesPods" | "rollout">,
): Template {
  const { namespace = "", name = "", uid = "", creationTimestamp = "", generation = 0 } = metadata;
  const containers = sizedContainersOf(spec).map(withDefaults);
  return { kind, namespace, name, uid, createdAt: Date.parse(creationTimestamp) || 0, generation, containers, ...rest };
}

/** In pods, the API server has what isn't asked for be the limit. */
function withDefaults(container: SizedContainer): SizedContainer {
  return { ...container, requests: { ...container.limits, ...container.requests } };
}

/** How the resizing sees Deployments. */
export const deploymentTemplates = {
  project: ({ metadata, spec, status = {} }: Deployment): Template =>
    made("Deployment", metadata, spec?.template.spec, { replacesPods: true, rollout: rolloutOf(metadata, spec, status) }),
};

function rolloutOf(metadata: Metadata, spec: Deployment["spec"], status: NonNullable<Deployment["status"]>): Rollout {
  const { replicas = 1, paused = false } = spec ?? {};
  if (paused) return { state: "halted", message: "it is paused" };
  const failed = status.conditions?.find(
    ({ type, status }) => (type === "Progressing" && status === "False") || (type === "ReplicaFailure" && status === "True"),
  );
  const isSeen = (status.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  if (isSeen && failed !== undefined) return { state: "failed", message: failed.message ?? failed.reason ?? failed.type };
  const { updatedReplicas = 0, replicas: all = 0, availableReplicas = 0 } = status;
  return isSeen && updatedReplicas >= replicas && all <= updatedReplicas && availableReplicas >= replicas ? steady : underway;
}

/** How it sees StatefulSets. */
export const statefulSetTemplates = {
  project: ({ metadata, spec, status }: StatefulSet): Template => {
    const { replicas = 1, updateStrategy } = spec ?? {};
    const replacesPods = updateStrategy?.type !== "OnDelete";
    const isSeen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
    const isSteady =
      isSeen &&
      (!replacesPods || status?.updateRevision === status?.currentRevision || (status?.updatedReplicas ?? 0) >= replicas) &&
      (status?.readyReplicas ?? 0) >= replicas;
    // Once all have had the new template and were ready, its revision is the current one: what comes later is no matter of the roll-out.
    const isUnbounded = isSeen && replacesPods && status?.updateRevision !== status?.currentRevision;
    const goesOn = isUnbounded ? unbounded(spec?.template.spec, (status?.replicas ?? 0) < replicas) : underway;
    const isHalted = (updateStrategy?.rollingUpdate?.partition ?? 0) > 0;
    const rollout: Rollout = isHalted ? { state: "halted", message: "its updateStrategy has a partition" } : isSteady ? steady : goesOn;
    return made("StatefulSet", metadata, spec?.template.spec, { replacesPods, rollout });
  },
};

/** How it sees DaemonSets. */
export const daemonSetTemplates = {
  project: ({ metadata, spec, status }: DaemonSet): Template => {
    const replacesPods = spec?.updateStrategy?.type !== "OnDelete";
    const wanted = status?.desiredNumberScheduled ?? 0;
    const isSeen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
    const isSteady =
      isSeen && (!replacesPods || (status?.updatedNumberScheduled ?? 0) >= wanted) && (status?.numberAvailable ?? 0) >= wanted;
    const goesOn = isSeen && replacesPods ? unbounded(spec?.template.spec, (status?.updatedNumberScheduled ?? 0) === 0) : underway;
    return made("DaemonSet", metadata, spec?.template.spec, { replacesPods, rollout: isSteady ? steady : goesOn });
  },
};

/** How it sees CronJobs: their next pods are made as they say then. */
export const cronJobTemplates = {
  project: ({ metadata, spec }: CronJob): Template =>
    made("CronJob", metadata, spec?.jobTemplate.spec?.template.spec, { replacesPods: false, rollout: steady }),
};
