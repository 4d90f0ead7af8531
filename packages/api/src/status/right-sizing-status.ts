import * as z from "zod";
import { conditionsSchema } from "./condition.ts";
import { time } from "../schema/field.ts";

/** More containers than that are no matter of one policy: its status must fit into an object. */
export const mostSizedContainers = 200;

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
  heldBy: z
    .array(
      z.strictObject({
        kind: z.enum(["HorizontalPodAutoscaler", "VerticalPodAutoscaler"]).describe("Which of the two it is."),
        name: z.string().describe("Its name."),
        resources: z.array(z.enum(["cpu", "memory"])).describe("What of the container isn't applied for it."),
      }),
    )
    .optional()
    .describe("Autoscalers that scale the workload by what is asked for, or change that themselves; respectAutoscalers: false has none."),
  reason: z
    .string()
    .describe(
      "Recommended; Close: what is asked for now is near enough; AtLimit: more would be needed, which a limit that `keep` keeps forbids; PodLevel: its pods ask for that as a whole, by their spec.resources; AtLeastCurrent: more would be needed, which downOnly forbids; NoSamples: its use was never seen; Unsure: too little is known for minConfidence; OptedOut: its pods say so by the annotation plimsoll.dev/right-sizing.",
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

/** What a RightSizingPolicy has come to. */
export const rightSizingStatus = z.strictObject({
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
export type RightSizingStatus = z.input<typeof rightSizingStatus>;

/** The last change of a container's requests. */
export type SizeChange = z.input<typeof change>;

/** What is recommended for a container. */
export type Recommendation = z.input<typeof recommendation>;
