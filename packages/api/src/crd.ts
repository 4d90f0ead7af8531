import type { z } from "zod";
import { pipeline } from "./pipeline.ts";
import { pipelineRun } from "./run.ts";
import { structural, type Schema } from "./structural.ts";

interface Column {
  name: string;
  type: "string" | "integer" | "date";
  jsonPath: string;
  description?: string;
  priority?: number;
}

interface Kind {
  kind: string;
  plural: string;
  shortNames: string[];
  schema: z.ZodType;
  status: boolean;
  columns: Column[];
}

const age: Column = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

const kinds: Kind[] = [
  {
    kind: "Pipeline",
    plural: "pipelines",
    shortNames: ["pipe"],
    schema: pipeline,
    status: false,
    columns: [{ name: "Description", type: "string", jsonPath: ".spec.description" }, age],
  },
  {
    kind: "PipelineRun",
    plural: "pipelineruns",
    shortNames: ["prun"],
    schema: pipelineRun,
    status: true,
    columns: [
      { name: "Phase", type: "string", jsonPath: ".status.phase" },
      { name: "Steps", type: "string", jsonPath: ".status.progress", description: "Steps that have ended, of all." },
      { name: "Started", type: "date", jsonPath: ".status.startedAt" },
      { name: "Finished", type: "date", jsonPath: ".status.finishedAt" },
      { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
      age,
    ],
  },
];

/** A CustomResourceDefinition of apiextensions.k8s.io/v1, as far as Plimsoll fills it in. */
export interface CustomResourceDefinition {
  apiVersion: "apiextensions.k8s.io/v1";
  kind: "CustomResourceDefinition";
  metadata: { name: string };
  spec: {
    group: string;
    scope: "Namespaced";
    names: { kind: string; [name: string]: unknown };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** The definitions of every kind, made from their schemas. */
export function crds(): CustomResourceDefinition[] {
  return kinds.map(({ kind, plural, shortNames, schema, status, columns }) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.plimsoll.dev` },
    spec: {
      group: "plimsoll.dev",
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames, categories: ["plimsoll"] },
      versions: [
        {
          name: "v1alpha1",
          served: true,
          storage: true,
          ...(status ? { subresources: { status: {} } } : {}),
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: rulesOfStepsAtCreation(rootSchema(schema)) },
        },
      ],
    },
  }));
}

/** At the root the API server owns apiVersion, kind and metadata. */
function rootSchema(schema: z.ZodType): Schema {
  const root = structural(schema);
  const { spec, status } = root.properties ?? {};
  return {
    ...root,
    required: ["spec"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      ...(spec ? { spec } : {}),
      ...(status ? { status } : {}),
    },
  };
}

/**
 * A run's pipeline can't change, so that the rules of its steps need to hold only when the run is created. In their own place
 * they would be evaluated for every step at every write of a status.
 */
function rulesOfStepsAtCreation(root: Schema): Schema {
  const pipeline = root.properties?.["spec"]?.properties?.["pipeline"]?.properties;
  const hoisted = ["steps", "finally"].flatMap((list) => {
    const steps = pipeline?.[list];
    if (steps?.items === undefined) return [];
    const { "x-kubernetes-validations": rules = [], ...items } = steps.items;
    steps.items = items;
    return rules.map(({ rule, message }) => ({
      rule: `oldSelf.hasValue() || !has(self.spec.pipeline) || !has(self.spec.pipeline.${list}) || self.spec.pipeline.${list}.all(step, ${rule.replaceAll(/\bself\b/g, "step")})`,
      message: `in one of spec.pipeline.${list}: ${message} (\`plimsoll lint FILE\` says where)`,
      optionalOldSelf: true,
    }));
  });
  return { ...root, "x-kubernetes-validations": [...(root["x-kubernetes-validations"] ?? []), ...hoisted] };
}
