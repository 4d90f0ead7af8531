import * as z from "zod";
import { conditionPath, conditionsSchema } from "../condition.ts";
import { crd, labelPattern, metadata, objectName, quantity, time, timeLimit, withRules } from "../field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../kind.ts";
import type { Problem } from "../problem.ts";
import { labelKey, labelSelector } from "../label-selector.ts";
import { twice, withProblems } from "../with-problems.ts";

/** More containers than that are no matter of one policy: its status must fit into an object. */
export const mostSizedContainers = 200;

/** What confidence it takes to apply a recommendation where its policy says nothing, in percent. */
export const appliedConfidence = 10;

const resource = z.enum(["cpu", "memory"]);

const resourceNames = withProblems(z.array(resource).min(1).max(2), twice).optional().meta({ "x-kubernetes-list-type": "set" });

const bound = z.strictObject({
  min: quantity.optional().describe("No less than that, as in 50m or 64Mi."),
  max: quantity.optional().describe("No more than that."),
});

const bounds = z.strictObject({
  cpu: bound.optional().describe("Of CPU."),
  memory: bound.optional().describe("Of memory."),
});

const limits = z.enum(["ratio", "keep", "remove"]).optional();

/** Kubernetes' own kinds and ours that may own pods. */
const owners = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Job",
  "CronJob",
  "Pod",
  "Pipeline",
  "PipelineRun",
];

/** Whether it is one of them as kubectl takes it, and objects don't have it. */
function* misspelt(kind: string): Generator<Problem> {
  const name = kind.toLowerCase().replace(/s$/, "");
  const meant = owners.find((owner) => owner.toLowerCase() === name);
  if (meant !== undefined && meant !== kind) yield { path: [], message: `is "${kind}": write the kind, ${meant}` };
}

const workload = z.strictObject({
  apiVersion: z
    .string()
    .min(1)
    .max(300)
    .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9]+$/, "must be a group and a version, as in apps/v1, or a version alone, as in v1")
    .optional()
    .describe("Its group counts, as in apps/v1. Default: for a kind of Kubernetes' own that kind, for others that of any group."),
  kind: withProblems(z.string().min(1).max(63), misspelt).describe(
    "What owns the pods in the end: Deployment, StatefulSet, DaemonSet, CronJob, Job, ReplicaSet, Pipeline (the pods of all its runs), any other kind, or Pod for pods of nobody.",
  ),
  name: objectName.optional().describe("Default: all of the kind."),
});

const container = withRules(
  z.strictObject({
    name: z
      .string()
      .min(1)
      .max(63)
      .regex(
        labelPattern,
        "must be a container's name: lower-case letters, digits and dashes, that begins and ends with a letter or a digit",
      )
      .describe("As it is called in the pods."),
    ignore: z.boolean().optional().describe("Recommend nothing for it. Default: false."),
    resources: resourceNames.describe("In place of the policy's."),
    bounds: bounds.optional().describe("In place of the policy's, resource by resource."),
    limits: limits.describe("In place of the policy's."),
  }),
  [
    {
      cel: "!has(self.ignore) || !self.ignore || (!has(self.resources) && !has(self.bounds) && !has(self.limits))",
      check: ({ ignore, resources, bounds, limits }) =>
        ignore !== true || (resources === undefined && bounds === undefined && limits === undefined),
      message: "a container that is ignored has no other settings",
    },
  ],
);

const window = z.strictObject({
  cron: z.string().min(1).max(200).describe("When it opens: a cron expression, as in 0 22 * * SAT."),
  duration: timeLimit.describe("How long it stays open, as in 4h."),
  timeZone: z.string().min(1).max(100).optional().describe("The time zone of the expression, as in Europe/Zurich. Default: UTC."),
});

const specFields = z.strictObject({
  mode: z
    .enum(["recommend", "on-restart", "in-place", "recreate"])
    .optional()
    .describe(
      "What is done with recommendations, by the feature `resizing` where it is enabled. recommend (the default): they stand in the status; on-restart: pods get them as they start; in-place: running pods do, too, without a restart; recreate: the workload's template does, and so its controller replaces the pods.",
    ),
  windows: z
    .array(window)
    .min(1)
    .max(20)
    .optional()
    .describe("When requests may be changed. What is taken back, as it did harm, is so at any time. Default: always.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
  respectBudgets: z
    .boolean()
    .optional()
    .describe(
      "Whether, with `recreate`, pods are only replaced while every PodDisruptionBudget over them allows one to be missing. Default: true.",
    ),
  verticalPodAutoscalers: z
    .strictObject({
      updateMode: z
        .enum(["Off", "Initial", "Recreate", "InPlaceOrRecreate"])
        .optional()
        .describe("How VerticalPodAutoscaler's own updater and admission controller apply them, as in its kind. Default: Initial."),
    })
    .optional()
    .describe(
      "Write the recommendations into VerticalPodAutoscaler objects, one for each workload that can have one, by the feature `vpa` where it is enabled; VerticalPodAutoscaler applies them. Only with the mode `recommend`.",
    ),
  selector: labelSelector.optional().describe("Which pods of the policy's namespace it is about, by their labels. Default: all."),
  jobs: z
    .strictObject({
      label: labelKey.describe("The key of a label of the pods, as in app.kubernetes.io/name."),
    })
    .optional()
    .describe(
      "By which label Jobs that no CronJob makes are sized together: those whose pods have one value. Default: those of one metadata.generateName.",
    ),
  workloads: z
    .array(workload)
    .min(1)
    .max(100)
    .optional()
    .describe("Only pods of these. Default: of all.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
  resources: resourceNames.describe("For which resources there are recommendations. Default: cpu and memory."),
  bounds: bounds.optional().describe("What recommendations keep within."),
  limits: limits.describe(
    "What becomes of limits where a request changes. ratio (the default): a limit stays as many times the request as it is; keep: it stays, and the request below it; remove: there is none any more.",
  ),
  minChange: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe("How many percent a request has to be off: what is nearer is left as it is. Default: 10."),
  minConfidence: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe(
      `Below which confidence, in percent, there is no target. Default: 0; without a single sample there is none in any case. What is applied takes ${appliedConfidence}, unless another is given here.`,
    ),
  downOnly: z.boolean().optional().describe("Recommend no more than what is asked for now. Default: false."),
  containers: z
    .array(container)
    .max(50)
    .optional()
    .describe("What else holds for containers of a name.")
    .meta(crd({ listMapKey: "name" })),
});

const spec = withRules(specFields, [
  {
    cel: "!has(self.verticalPodAutoscalers) || !has(self.mode) || self.mode == 'recommend'",
    check: ({ verticalPodAutoscalers, mode = "recommend" }) => verticalPodAutoscalers === undefined || mode === "recommend",
    message: "with verticalPodAutoscalers, mode must be recommend: one of the two can apply what is recommended",
  },
]);

const amounts = z.strictObject({
  cpu: z.string().optional().describe("As in 250m."),
  memory: z.string().optional().describe("As in 300Mi."),
});

const recommendation = z.strictObject({
  apiVersion: z.string().describe("Of the workload; of a pod of nobody's, v1."),
  kind: z.string().describe("What owns the pods."),
  name: z.string().describe("Its name."),
  step: z.string().optional().describe("Of a pipeline's pods, the step."),
  container: z.string().describe("The container's name."),
  pods: z.int().describe("Pods of it that there are now; those that have ended don't count."),
  current: amounts.describe("What the newest pod asks for; empty: for nothing."),
  currentLimits: amounts.optional().describe("The newest pod's limits, where it has any."),
  target: amounts.optional().describe("What to ask for. Missing: there is no recommendation, and `reason` says why."),
  limits: amounts.optional().describe("The limits to go with the target, where there are any."),
  lower: amounts.optional().describe("To ask for less is too little, as sure as that is by now."),
  upper: amounts.optional().describe("To ask for more is too much, as sure as that is by now."),
  confidence: z.int().describe("In percent: how much of the history there is that a recommendation takes at its best."),
  samples: z.int().describe("How often its use was seen, of all pods together."),
  since: time.optional().describe("When its use was first seen."),
  seenAt: time.optional().describe("When its use was last seen."),
  oomKills: z.int().optional().describe("How often it was killed for want of memory, as far as that was seen."),
  oomKilledAt: time.optional().describe("When it was last."),
  reason: z
    .string()
    .describe(
      "Recommended; Close: what is asked for now is near enough, or as much as a limit that `keep` keeps lets it be, though bounds.min is more; AtLeastCurrent: more would be needed, which downOnly forbids; NoSamples: its use was never seen; Unsure: too little is known for minConfidence; OptedOut: its pods say so by the annotation plimsoll.dev/right-sizing.",
    ),
});

const resources = z.strictObject({
  requests: amounts.optional().describe("What is asked for."),
  limits: amounts.optional().describe("The limits."),
});

const made = {
  at: time.describe("When it began."),
  from: resources.describe("What it was before; empty: nothing was asked for."),
  to: resources.describe("What it was changed to."),
};

const change = z.strictObject({
  key: z.string().describe("Of which workload's container: group/kind/name/step/container."),
  ...made,
  takenBack: z.string().optional().describe("Why it was taken back; missing: it wasn't."),
  whole: z
    .boolean()
    .optional()
    .describe(
      "Whether what was raised was taken back, too, as there was no room for it, or somebody has set the template back. Default: only what was lowered.",
    ),
  heldUntil: time.optional().describe("Until when it stays as it was before, since it was taken back."),
  failures: z
    .int()
    .optional()
    .describe("How often in a row about the same was changed, and taken back as a whole: it is held for twice as long each time."),
  raise: z
    .strictObject(made)
    .optional()
    .describe("What was raised since it was taken back. Where there is no room for that, this is the change that is taken back."),
});

const status = z.strictObject({
  observedGeneration: z.int().optional().describe("The metadata.generation that this status is about."),
  progress: z.string().optional().describe("Containers with a recommendation, of all."),
  saved: amounts.optional().describe("What all pods together would ask for less; with a minus in front, more."),
  recommendations: z
    .array(recommendation)
    .max(mostSizedContainers)
    .optional()
    .describe(`For each workload's containers, at most ${mostSizedContainers}.`)
    .meta({ "x-kubernetes-list-type": "atomic" }),
  omitted: z
    .int()
    .optional()
    .describe("Containers with pods beyond these, of which nothing is known: a policy more, for some of them, is the way out."),
  unkept: z
    .int()
    .optional()
    .describe(
      "Containers of which the status has no room for what recommendations are made of: that is lost when the controller is started anew. A policy more, for some of them, is the way out.",
    ),
  checkpoints: z
    .array(
      z.strictObject({
        key: z.string().describe("Of which workload's container: group/kind/name/step/container."),
        state: z.string().describe("What was seen of it, as JSON."),
      }),
    )
    .max(mostSizedContainers)
    .optional()
    .describe("What the recommendations are made of, for the controller alone: it goes on with that after a restart.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
  changes: z
    .array(change)
    .max(mostSizedContainers)
    .optional()
    .describe("The last change of each container's requests that was made by the policy's mode.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
  conditions: conditionsSchema(
    "it",
    "Valid: whether the policy can be carried out as it is written. MetricsAvailable: whether metrics.k8s.io answers for its namespace; with the reason Odd, it says what can't be of some of its pods. Recommending: whether there are recommendations. Applying: whether they are applied as `mode` says, and what is in the way.",
  ),
});

/** A RightSizingPolicy's status. */
export type RightSizingStatus = z.input<typeof status>;

/** The last change of a container's requests. */
export type SizeChange = z.input<typeof change>;

/** What is recommended for a container. */
export type Recommendation = z.input<typeof recommendation>;

const schema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("RightSizingPolicy"),
  metadata,
  spec: spec.describe("Which pods are looked at, and what recommendations keep to."),
  status: status.optional().describe("What is recommended; written by the controller."),
});

/** The definition of the kind RightSizingPolicy. */
export const rightSizingPolicy = defineKind({
  kind: "RightSizingPolicy",
  plural: "rightsizingpolicies",
  shortNames: ["rsp"],
  categories: ["plimsoll"],
  scope: "Namespaced",
  versions: [
    {
      ...v1alpha1,
      schema,
      columns: [
        { name: "Mode", type: "string", jsonPath: ".spec.mode" },
        {
          name: "Containers",
          type: "string",
          jsonPath: ".status.progress",
          description: "Containers with a recommendation, of all.",
        },
        { name: "Less CPU", type: "string", jsonPath: ".status.saved.cpu", description: "What all pods together would ask for less." },
        { name: "Less memory", type: "string", jsonPath: ".status.saved.memory", description: "The same of memory." },
        { name: "Applying", type: "string", jsonPath: conditionPath("Applying") },
        { name: "Metrics", type: "string", jsonPath: conditionPath("MetricsAvailable") },
        { name: "Message", type: "string", jsonPath: '.status.conditions[?(@.status=="False")].message', priority: 1 },
      ],
      subresources: ["status"],
    },
  ],
  docs: {
    page: "rightsizing",
    guide: "rightsizing.md",
    intro: "Says what containers should ask for, by what they use.",
  },
});

/** A RightSizingPolicy as a user writes it, or as it is stored. */
export type RightSizingPolicy = ObjectOf<typeof rightSizingPolicy>;
