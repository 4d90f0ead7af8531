import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";
import { ownerOf, type Owner } from "./owner.ts";

/** What is kept of an object that owns pods, and may be owned itself: a ReplicaSet, a Job, a PipelineRun. */
export interface ControllerView {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  owner: Owner | undefined;
  /** Of a PipelineRun, the Pipeline that it names; empty where it holds its own. */
  pipeline?: string;
  /** Of a Job, what the API server was to begin its name with, where it wasn't given one. */
  generateName?: string;
}

interface Owned {
  metadata?: {
    namespace?: string | undefined;
    name?: string | undefined;
    uid?: string | undefined;
    generateName?: string | undefined;
    ownerReferences?: OwnerReference[];
  };
}

function controllerOf(kind: string, { metadata = {} }: Owned): ControllerView {
  const { namespace = "", name = "", uid = "" } = metadata;
  return { kind, namespace, name, uid, owner: ownerOf(metadata) };
}

/** How features see ReplicaSets: as what lies between a Deployment and its pods. */
export const replicaSetView = { project: (object: Owned): ControllerView => controllerOf("ReplicaSet", object) };

/** How features see Jobs: as what may lie between a CronJob and its pods. */
export const jobView = {
  project: (job: Owned): ControllerView => {
    const { generateName } = job.metadata ?? {};
    return { ...controllerOf("Job", job), ...(generateName && { generateName }) };
  },
};

/** How features see PipelineRuns: as what their pods belong to. */
export const runView = {
  project: (run: Owned & { spec?: { pipelineRef?: { name: string } | undefined } }): ControllerView => ({
    ...controllerOf("PipelineRun", run),
    pipeline: run.spec?.pipelineRef?.name ?? "",
  }),
};
