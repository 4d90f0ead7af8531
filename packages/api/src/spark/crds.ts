import type * as z from "zod";
import type { CustomResourceDefinition } from "../schema/crd.ts";
import type { Column } from "../schema/kind.ts";
import { structural, type Schema } from "../schema/structural.ts";
import { sparkApplicationSpec } from "./application-spec.ts";
import { scheduledSparkApplicationSpec, scheduledSparkApplicationStatus } from "./scheduled.ts";
import { sparkApplicationStatus } from "./status.ts";

/** The API group of Spark's kinds, which the Spark operator defined. */
export const sparkGroup = "sparkoperator.k8s.io";

/** The version of these kinds that is carried out. */
export const sparkVersion = "v1beta2";

interface Definition {
  kind: string;
  shortName: string;
  spec: z.ZodType;
  status: z.ZodType;
  columns: readonly Column[];
}

const definitions: readonly Definition[] = [
  {
    kind: "SparkApplication",
    shortName: "sparkapp",
    spec: sparkApplicationSpec,
    status: sparkApplicationStatus,
    columns: [
      { name: "Status", type: "string", jsonPath: ".status.applicationState.state" },
      { name: "Attempts", type: "string", jsonPath: ".status.executionAttempts" },
      { name: "Start", type: "string", jsonPath: ".status.lastSubmissionAttemptTime" },
      { name: "Finish", type: "string", jsonPath: ".status.terminationTime" },
    ],
  },
  {
    kind: "ScheduledSparkApplication",
    shortName: "scheduledsparkapp",
    spec: scheduledSparkApplicationSpec,
    status: scheduledSparkApplicationStatus,
    columns: [
      { name: "Schedule", type: "string", jsonPath: ".spec.schedule" },
      { name: "Suspend", type: "string", jsonPath: ".spec.suspend" },
      { name: "Last Run", type: "date", jsonPath: ".status.lastRun" },
      { name: "Last Run Name", type: "string", jsonPath: ".status.lastRunName" },
    ],
  },
];

/** What Spark's kinds are called. */
export const sparkKindNames: readonly string[] = definitions.map(({ kind }) => kind);

/**
 * The CustomResourceDefinitions of Spark's kinds, with the fields that are carried out. Others are kept, so that the controller can refuse
 * them by name where the API server would drop them.
 */
export function sparkCrds(): CustomResourceDefinition[] {
  return definitions.map(({ kind, shortName, spec, status, columns }) => {
    const singular = kind.toLowerCase();
    const plural = `${singular}s`;
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: `${plural}.${sparkGroup}`,
        // Asked for of all groups that end in k8s.io.
        annotations: { "api-approved.kubernetes.io": "https://github.com/kubeflow/spark-operator/pull/1298" },
      },
      spec: {
        group: sparkGroup,
        scope: "Namespaced",
        names: { kind, listKind: `${kind}List`, plural, singular, shortNames: [shortName] },
        versions: [versionOf(spec, status, columns)],
      },
    };
  });
}

function versionOf(spec: z.ZodType, status: z.ZodType, columns: readonly Column[]) {
  return {
    name: sparkVersion,
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: [...columns, { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }],
    schema: {
      openAPIV3Schema: {
        type: "object",
        required: ["metadata", "spec"],
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { type: "object" },
          spec: open(structural(spec)),
          status: open(structural(status)),
        },
      },
    },
  };
}

/** What the fields' values must be is left to the controller, whose words are clearer, but for their types. Unknown fields are kept. */
function open({ pattern: _, enum: _values, minLength: _least, ...schema }: Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return { ...schema, type: "object" };
  const result: Schema = { ...schema };
  if (items) result.items = open(items);
  if (properties) {
    result.properties = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, open(value)]));
    result["x-kubernetes-preserve-unknown-fields"] = true;
  } else if (additionalProperties) result.additionalProperties = open(additionalProperties);
  return result;
}
