import * as z from "zod";
import { conditionPath, conditionsSchema } from "../status/condition.ts";
import { twice, withProblems } from "../problems/with-problems.ts";
import { crd, metadata, objectName, withRules } from "../schema/field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../schema/kind.ts";

/** A label's value holds it. */
const longestName = 63;

/** More objects than that are no set, but several. */
const mostObjects = 200;

/** A resource as RBAC names it with its group behind it. */
const resourceName = z
  .string()
  .max(300)
  .regex(/^[a-z0-9]+([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, "must be a resource, as in configmaps or deployments.apps");

const expression = z.string().min(1).max(1000).optional();

const health = z.strictObject({
  apiVersion: z.string().min(1).max(300).describe("Of the objects that it is about, as in ray.io/v1."),
  kind: z.string().min(1).max(63).describe("Of the objects that it is about, as in RayCluster."),
  healthy: expression.describe(
    "A CEL expression on `object`: whether it is as it should be. Where what it names isn't there yet, it isn't. Default: whether its condition Ready is True, where it has one.",
  ),
  failed: expression.describe("The same for whether it has failed for good. Default: it hasn't."),
  succeeded: expression.describe(
    "The same for whether it has come to its end, and well; then it is not made again when it is gone. Default: it hasn't.",
  ),
});

const source = z.strictObject({
  configMap: z
    .strictObject({
      name: objectName.describe("Its name. It has the label plimsoll.dev/workload-source."),
      key: z.string().min(1).max(253).optional().describe("The key of its data that holds the manifests. Default: manifests.yaml."),
      resources: withProblems(z.array(resourceName).min(1).max(50), twice)
        .describe(
          "Of what resources the manifests may be, as in deployments.apps. The ConfigMap's annotation plimsoll.dev/workload-resources must list them all: whoever writes it is held to the rights for them.",
        )
        .meta({ "x-kubernetes-list-type": "set" }),
    })
    .describe("A ConfigMap in the set's namespace."),
});

const specFields = z.strictObject({
  params: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Values that the manifests' expressions know: ${{ params.NAME }}.")
    .meta(crd({ preserve: true, atomic: true })),
  manifests: z
    .array(z.record(z.string(), z.unknown()).meta(crd({ preserve: true })))
    .max(mostObjects)
    .optional()
    .describe("The objects, whole as they are written for kubectl apply. ${{ }} in a text holds CEL expressions."),
  source: source.optional().describe("Where the manifests stand, in place of `manifests`: YAML, or JSON, of several documents."),
  driftPolicy: z
    .enum(["correct", "report", "ignore"])
    .optional()
    .describe(
      "What to do where somebody else has changed a field that the set holds, or deleted an object. correct (the default): bring it back; report: tell it in the condition Drifted; ignore: nothing.",
    ),
  conflicts: z
    .enum(["fail", "force"])
    .optional()
    .describe(
      "What to do about a field that another manager holds, with another value. fail (the default): leave the object as it is, and tell whose it is; force: take it over.",
    ),
  onImmutable: z
    .enum(["fail", "replace"])
    .optional()
    .describe(
      "What to do where the API server lets a field of an object not be changed. fail (the default): leave it as it is, and tell so; replace: delete the object with all that it owns, and make it anew, if the API server would take the new one.",
    ),
  deletionPolicy: z
    .enum(["delete", "orphan"])
    .optional()
    .describe(
      "What becomes of the objects when the set is deleted. delete (the default): they go with it, by their owner reference; orphan: they stay.",
    ),
  suspend: z.boolean().optional().describe("Leave all objects as they are, whatever the set says. Default: false."),
  health: z
    .array(health)
    .max(20)
    .optional()
    .describe("When objects of further kinds are healthy. Kubernetes' own are known.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
});

const spec = withRules(specFields, [
  {
    cel: "has(self.manifests) != has(self.source)",
    check: ({ manifests, source }) => (manifests === undefined) !== (source === undefined),
    message: "give either manifests or source",
  },
]);

const entry = z.strictObject({
  apiVersion: z.string().describe("As it was applied."),
  kind: z.string().describe("As it was applied."),
  name: z.string().describe("In the set's namespace."),
  uid: z.string().optional().describe("Missing while it isn't known whether it was applied: the entry is written before."),
  applied: z.string().optional().describe("A digest of what was applied."),
  fields: z.string().optional().describe("A digest of the fields that the set held then."),
  health: z
    .enum(["Healthy", "Progressing", "Failed", "Succeeded"])
    .optional()
    .describe("How it stands. Succeeded: it has come to its end, and is not made again when it is gone."),
  message: z.string().optional().describe("Why it isn't healthy, or isn't applied."),
});

const status = z.strictObject({
  observedGeneration: z.int().optional().describe("The metadata.generation that this status is about."),
  progress: z.string().optional().describe("Objects that are as the set says, of all."),
  message: z.string().optional().describe("What keeps it from being as it should be."),
  inventory: z
    .array(entry)
    .optional()
    .describe("The objects that the set has applied, or is about to: of these alone it deletes what is no longer listed.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
  conditions: conditionsSchema(
    "it",
    "Valid: whether the set can be carried out as it is written. Applied: whether all objects are as it says. Healthy: whether they all are. Drifted: whether others have changed some of them.",
  ),
});

/** A WorkloadSet's status. */
export type WorkloadSetStatus = z.input<typeof status>;

/** An object that a WorkloadSet has applied, or is about to. */
export type InventoryEntry = z.input<typeof entry>;

const fields = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("WorkloadSet"),
  metadata,
  spec: spec.describe("What is to be there, and how that is kept."),
  status: status.optional().describe("What has been done; written by the controller."),
});

const schema = withRules(fields, [
  {
    cel: `size(self.metadata.name) <= ${longestName}`,
    check: ({ metadata: { name } }) => name === undefined || name.length <= longestName,
    message: `a set's name has at most ${longestName} characters, as its objects have it in a label`,
  },
]);

/** The definition of the kind WorkloadSet. */
export const workloadSet = defineKind({
  kind: "WorkloadSet",
  plural: "workloadsets",
  shortNames: ["wset"],
  categories: ["plimsoll"],
  scope: "Namespaced",
  versions: [
    {
      ...v1alpha1,
      schema,
      columns: [
        { name: "Objects", type: "string", jsonPath: ".status.progress", description: "Objects that are as the set says, of all." },
        { name: "Applied", type: "string", jsonPath: conditionPath("Applied") },
        { name: "Healthy", type: "string", jsonPath: conditionPath("Healthy") },
        { name: "Drifted", type: "string", jsonPath: conditionPath("Drifted") },
        { name: "Suspend", type: "string", jsonPath: ".spec.suspend" },
        { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
      ],
      subresources: ["status"],
    },
  ],
  docs: {
    page: "workloads",
    guide: "workloads.md",
    intro: "Objects that are to be there, and are kept so.",
  },
});

/** A WorkloadSet as a user writes it, or as it is stored. */
export type WorkloadSet = ObjectOf<typeof workloadSet>;
