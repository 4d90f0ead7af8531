import * as z from "zod";
import { conditionPath } from "../status/condition.ts";
import { drainStatus } from "../status/drain-status.ts";
import { twice, withProblems } from "../problems/with-problems.ts";
import { duration, metadata, objectName, withRules } from "../schema/field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../schema/kind.ts";
import { labelSelector } from "../label-selector.ts";

const specFields = z.strictObject({
  nodes: withProblems(z.array(objectName).min(1).max(500), twice)
    .optional()
    .describe("The nodes' names. Names can be taken out later, which lets these nodes go; none can be added.")
    .meta({ "x-kubernetes-list-type": "set" }),
  selector: labelSelector
    .optional()
    .describe("Labels of the nodes, at most 500 of which there may be. Nodes that come while the Drain runs are taken in."),
  maxParallel: z
    .int()
    .min(1)
    .max(500)
    .optional()
    .describe("Nodes from which pods are evicted at a time; those that only wait for Jobs to end don't count. Default: 5."),
  timeout: duration
    .optional()
    .describe("How long a node may take from when its turn comes and no pod of it is given time to end (waitForJobs). Default: for ever."),
  onTimeout: z
    .enum(["wait", "fail", "delete"])
    .optional()
    .describe(
      "What is done then. wait: it is told, and gone on. fail: the Drain fails, and its nodes are uncordoned. delete: the node's pods are deleted, whatever their PodDisruptionBudgets say. Default: fail.",
    ),
  waitForJobs: duration
    .optional()
    .describe(
      "How long pods of Jobs and of pipelines' steps are given to end, from the Drain's start. Default: no time; they are evicted.",
    ),
  surge: z
    .boolean()
    .optional()
    .describe(
      "Whether a Deployment whose only ready pod, or whose pod that its PodDisruptionBudget holds, is on a node gets one more replica first, and its scale back afterwards. Default: false.",
    ),
  allow: z
    .strictObject({
      unmanaged: z.boolean().optional().describe("Pods that nothing makes again, as no controller owns them. Default: false."),
      emptyDir: z.boolean().optional().describe("Pods with emptyDir volumes, whose data go with them. Default: false."),
    })
    .optional()
    .describe("What may be evicted that is refused otherwise."),
});

const spec = withRules(specFields, [
  {
    cel: "has(self.nodes) != has(self.selector)",
    check: ({ nodes, selector }) => (nodes === undefined) !== (selector === undefined),
    message: "give either nodes or selector",
  },
  {
    cel: "!has(self.onTimeout) || has(self.timeout)",
    check: ({ onTimeout, timeout }) => onTimeout === undefined || timeout !== undefined,
    message: "onTimeout says what is done when timeout is over: give timeout, too",
  },
  {
    cel: "has(self.nodes) == has(oldSelf.nodes) && (!has(self.nodes) || self.nodes.all(node, node in oldSelf.nodes))",
    message: "nodes can only be taken out of a Drain; make another for more",
  },
  {
    cel: "has(self.selector) == has(oldSelf.selector) && (!has(self.selector) || self.selector == oldSelf.selector)",
    message: "a Drain's selector can't change; make another",
  },
]);

const drainFields = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("Drain"),
  metadata,
  spec: spec.describe("What to drain, and how."),
  status: drainStatus.optional().describe("What has been done; written by the controller."),
});

/** The definition of the kind Drain. */
export const drain = defineKind({
  kind: "Drain",
  plural: "drains",
  shortNames: ["dr"],
  categories: ["plimsoll"],
  scope: "Cluster",
  versions: [
    {
      ...v1alpha1,
      schema: drainFields,
      columns: [
        { name: "Phase", type: "string", jsonPath: ".status.phase" },
        { name: "Nodes", type: "string", jsonPath: ".status.progress", description: "Nodes that are drained, of all." },
        { name: "Pods left", type: "integer", jsonPath: ".status.left", description: "Pods that have still to go." },
        { name: "Blocked", type: "string", jsonPath: conditionPath("Blocked") },
        { name: "Finished", type: "date", jsonPath: ".status.finishedAt" },
        { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
      ],
      subresources: ["status"],
    },
  ],
  docs: {
    page: "drain",
    guide: "draining.md",
    intro: "Moves pods off nodes, and keeps these cordoned until it is deleted.",
  },
});

/** A Drain as a user writes it, or as it is stored. */
export type Drain = ObjectOf<typeof drain>;
