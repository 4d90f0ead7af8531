import type { PolicyRule } from "@plimsoll/permissions";

/** Why a grant of another's role is not among Plimsoll's. */
export interface Verdict {
  /** The sections of the role that it is about; all unless given. */
  sections?: readonly string[];
  /** The grants that it is about; all of those sections unless given. */
  grants?: PolicyRule;
  verdict: "not needed";
  why: string;
  /** Also on what a feature happens to hold, for a purpose that has nothing to do with this one. */
  always?: true;
}

const every = ["*"];
const core = (resources: string[], verbs = every): PolicyRule => ({ apiGroups: [""], resources, verbs });

const readonly = (grants: PolicyRule, why: string): Verdict => ({ sections: ["ocean/readonly"], grants, verdict: "not needed", why });

/** The first that is about a grant counts. */
export const aiPipelineVerdicts: readonly Verdict[] = [
  { grants: core(["pods"]), verdict: "not needed", why: "a pod stays as it was created" },
  { grants: core(["pods/log"], ["get"]), verdict: "not needed", why: "`plimsoll logs` reads them with the rights of the user who asks" },
  { grants: core(["pods/log"]), verdict: "not needed", why: "the API serves nothing but get on pods/log" },
  {
    grants: core(["services", "endpoints"]),
    verdict: "not needed",
    why: "steps hand results on as outputs and in the workspace, not over a Service",
  },
  {
    grants: core(["persistentvolumeclaims"]),
    verdict: "not needed",
    why: "a workspace is made once, and goes with its run by its owner reference",
  },
  {
    grants: { apiGroups: ["batch"], resources: ["jobs"], verbs: every },
    verdict: "not needed",
    why: "Plimsoll makes the pods of its steps itself",
  },
  {
    grants: { apiGroups: ["batch"], resources: ["cronjobs"], verbs: every },
    verdict: "not needed",
    why: "scheduled runs will be PipelineRuns, not a CronJob's Jobs",
  },
  { sections: ["custom-resources"], verdict: "not needed", why: "whoever installs Plimsoll defines its kinds; the controller does not" },
];

/** Of the Ocean Controller's roles. */
export const oceanVerdicts: readonly Verdict[] = [
  readonly({ nonResourceURLs: every, verbs: every }, "whoever is logged in may read the version (system:public-info-viewer)"),
  readonly(core(["namespaces"]), "a namespace is what the pods in it come to"),
  readonly(core(["limitranges"]), "their defaults stand in the pods' requests by the time that these are counted"),
  readonly(core(["events"]), "what has become of a pod stands in its status"),
  readonly(
    {
      apiGroups: ["", "apps", "batch"],
      resources: ["replicationcontrollers", "deployments", "daemonsets", "statefulsets", "cronjobs"],
      verbs: every,
    },
    "pods name their owner: only what may lie between is read, ReplicaSets and Jobs",
  ),
  readonly({ apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: every }, "a volume says which class it is of"),
  readonly({ apiGroups: ["node.k8s.io"], resources: ["runtimeclasses"], verbs: every }, "a pod's overhead stands in its spec"),
  readonly(
    { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: every },
    "the configuration names the custom resources that are counted",
  ),
  readonly({ apiGroups: every, resources: every, verbs: every }, "what there is, is listed and watched; no object is asked for alone"),
  {
    sections: ["ocean/draining"],
    grants: core(["nodes"], ["update"]),
    verdict: "not needed",
    why: "a cordon is patched, by server-side apply, and taken back the same way",
  },
  {
    sections: ["ocean/apply"],
    grants: { apiGroups: every, resources: every, verbs: ["update"] },
    verdict: "not needed",
    why: "an object is patched, by server-side apply, so that fields of others' stay",
  },
  {
    sections: ["wave"],
    grants: { apiGroups: ["sparkoperator.k8s.io"], resources: every, verbs: every },
    verdict: "not needed",
    why: "what users have written of an application stays as it is: its status alone is patched, and it is deleted when its time to live is over",
  },
  {
    sections: ["wave"],
    grants: { apiGroups: ["bigdata.spot.io"], resources: every, verbs: every },
    verdict: "not needed",
    why: "an environment is switched by a patch of its spec; who installs Ocean for Spark makes it, and takes it away",
  },
  {
    sections: ["automatic right-sizing"],
    grants: { apiGroups: ["autoscaling.k8s.io"], resources: ["verticalpodautoscalers"], verbs: every },
    verdict: "not needed",
    why: "they are listed and watched, made, patched at the version that was seen, and deleted one by one",
  },
  {
    sections: ["automatic right-sizing"],
    grants: { apiGroups: ["autoscaling.k8s.io"], resources: ["verticalpodautoscalers/status"], verbs: every },
    verdict: "not needed",
    why: "a status is patched, and read with its object",
  },
  {
    sections: ["controller/leader-election"],
    verdict: "not needed",
    why: "the Lease is made, watched and updated, and never patched or deleted: who gives it up leaves it empty",
  },
  {
    sections: ["controller/report-events"],
    verdict: "not needed",
    why: "events are told by events.k8s.io, which has series; the core group's are the same objects",
  },
  {
    sections: ["auto-update/updater", "auto-update/controller"],
    verdict: "not needed",
    why: "no feature holds it: whoever upgrades Plimsoll does so with their own rights, or by the updater's role, which the chart makes only where autoUpdate is enabled (docs/auto-update.md)",
    always: true,
  },
  {
    sections: ["auto-update/helm", "auto-update/rollout"],
    verdict: "not needed",
    why: "helm upgrade is run by whoever upgrades Plimsoll, not by a job in the cluster",
  },
  {
    sections: ["extension"],
    verdict: "not needed",
    why: "what is to be counted is opened by the installation's `extensions`, in roles of their own that updates leave alone",
  },
];
