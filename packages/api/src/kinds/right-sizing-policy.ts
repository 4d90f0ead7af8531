import * as z from "zod";
import { conditionPath } from "../status/condition.ts";
import { crd, labelPattern, metadata, objectName, quantity, timeLimit, withRules } from "../schema/field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../schema/kind.ts";
import type { Problem } from "../problems/problem.ts";
import { labelKey, labelSelector } from "../label-selector.ts";
import { rightSizingStatus } from "../status/right-sizing-status.ts";
import { twice, withProblems } from "../problems/with-problems.ts";

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
  respectAutoscalers: z
    .boolean()
    .optional()
    .describe(
      "Whether what a HorizontalPodAutoscaler scales the workload by, as percent of requests, and what a VerticalPodAutoscaler changes itself, is recommended alone, and not applied. Default: true.",
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

const schema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("RightSizingPolicy"),
  metadata,
  spec: spec.describe("Which pods are looked at, and what recommendations keep to."),
  status: rightSizingStatus.optional().describe("What is recommended; written by the controller."),
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
