import { crds, crdText, sparkCrds, type Schema } from "@plimsoll/api";
import { stringify } from "yaml";
import { coreParts } from "../core/parts.ts";
import { jsonSchemaOf, keysOf } from "../config/keys.ts";
import { published, rowOf } from "../config/shown.ts";
import { features } from "../features.ts";
import packageJson from "../../package.json" with { type: "json" };
import { bigDataRules } from "./objects/big-data.ts";
import { fixedPolicySpec } from "./objects/policy-spec.ts";
import { ruleTemplates } from "./rule-templates.ts";
import { valuesSchema } from "./values/values.ts";
import { setPolicySpec, sourcePolicySpec, stepPolicySpec } from "./objects/workload-policy-spec.ts";

/** The files of the chart that are made from source, and the reference of its values: their paths in the repository, and their texts. */
export function chartFiles(): Map<string, string> {
  const chart = "charts/plimsoll";
  return new Map([
    [`${chart}/Chart.yaml`, stringify(description(packageJson.version))],
    [`${chart}/values.yaml`, valuesFile()],
    [`${chart}/values.schema.json`, `${JSON.stringify(schemaForHelm(), null, 2)}\n`],
    [`${chart}/templates/_rules.tpl`, ruleTemplates(coreParts(), features)],
    [`${chart}/files/big-data.yaml`, textOf(bigDataRules)],
    [`${chart}/files/admissionpolicy.yaml`, textOf(fixedPolicySpec)],
    [`${chart}/files/workload-sets-policy.yaml`, textOf(setPolicySpec)],
    [`${chart}/files/workload-sources-policy.yaml`, textOf(sourcePolicySpec)],
    [`${chart}/files/workload-steps-policy.yaml`, textOf(stepPolicySpec)],
    ...crds().map((crd): [string, string] => [`${chart}/files/crds/${crd.metadata.name}.yaml`, crdText(crd)]),
    ...sparkCrds().map((crd): [string, string] => [`${chart}/files/spark/${crd.metadata.name}.yaml`, crdText(crd)]),
    ["docs/reference/values.md", reference()],
  ]);
}

function textOf(object: object): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

function description(version: string): object {
  return {
    apiVersion: "v2",
    name: "plimsoll",
    description: "Pipelines and jobs for AI and batch work, and the nodes beneath them, with the permissions that are proved to be needed",
    type: "application",
    version,
    appVersion: version,
    kubeVersion: ">=1.30.0-0",
    home: "https://plimsoll.dev",
    keywords: ["pipelines", "jobs", "batch", "machine-learning", "rbac"],
  };
}

/** Helm adds `global` to the values of every chart. */
function schemaForHelm(): object {
  const schema = complete(published({ title: "The values of the chart plimsoll", ...jsonSchemaOf(valuesSchema) }));
  return { ...schema, properties: { global: { type: "object" }, ...schema.properties } };
}

/**
 * Helm asks the schema of the values with their defaults, and null takes a default away, as a key does with nothing but comments
 * beneath: so every key is required that may not be null.
 */
function complete(schema: Schema): Schema {
  const { properties } = schema;
  if (properties === undefined) return schema;
  const required = Object.entries(properties).flatMap(([name, { anyOf }]) => (anyOf?.some(({ type }) => type === "null") ? [] : [name]));
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, complete(value)])),
    required,
  };
}

function valuesFile(): string {
  return `# Every value of the chart, with its default. Made from the schema by \`npm run generate\`; docs/reference/values.md has the types.\n${section(jsonSchemaOf(valuesSchema), "")}`;
}

function section({ properties = {} }: Schema, indent: string): string {
  return Object.entries(properties)
    .map(([name, value]) => {
      const comment = value.description === undefined ? "" : `${indent}# ${value.description}\n`;
      if (value.properties) return `${comment}${indent}${name}:\n${section(value, `${indent}  `)}`;
      return `${comment}${indent}${stringify({ [name]: value.default ?? null }, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: false }).slice(1, -2)}\n`;
    })
    .join("");
}

function reference(): string {
  return `# The values of the chart, key by key

How to use them: [install.md](../install.md). \`plimsoll install --values FILE\` reads the same. Made from the schema by \`npm run generate\`.

| key | type | default | what it says |
| --- | --- | --- | --- |
${keysOf(valuesSchema)
  .map((key) => rowOf(key))
  .join("\n")}
`;
}
