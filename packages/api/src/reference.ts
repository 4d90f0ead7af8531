import { crds } from "./crd.ts";
import type { Schema } from "./structural.ts";

const intro: Record<string, string> = {
  Pipeline: "A pipeline that runs can name. `kubectl get pipelines` (short: `pipe`).",
  PipelineRun: "One run of a pipeline, which it holds itself or names. `kubectl get pipelineruns` (short: `prun`).",
};

const sameAs: Record<string, string> = { "spec.pipeline": "a Pipeline's `spec`", "spec.steps[].pod": "`spec.pod`" };

/** A page in Markdown with every field of every kind. */
export function reference(): string {
  const kinds = crds().map(({ spec: { names, versions } }) => {
    const { properties: { spec, status } = {} } = versions[0]?.schema.openAPIV3Schema ?? {};
    return [`## ${names.kind}`, intro[names.kind], spec && table("spec", spec), status && table("status", status)]
      .filter(Boolean)
      .join("\n\n");
  });
  return [
    "# Pipeline and PipelineRun, field by field",
    "`apiVersion: plimsoll.dev/v1alpha1`. How to use them: [pipelines.md](../pipelines.md). This page is made from the schemas by `npm run generate`.",
    ...kinds,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function table(path: string, schema: Schema): string {
  return ["| field | type | what it says |", "| --- | --- | --- |", ...rows(path, schema)].join("\n");
}

function* rows(path: string, schema: Schema): Generator<string> {
  const required = new Set(schema.required);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = `${path}.${name}`;
    const same = sameAs[at];
    const more = [
      field.description,
      field.default === undefined ? "" : `Default: ${String(field.default)}.`,
      same && `Its fields are those of ${same}.`,
    ]
      .filter(Boolean)
      .join(" ");
    yield `| \`${at}\`${required.has(name) ? " (required)" : ""} | ${typeOf(field)} | ${more.replaceAll("|", "\\|")} |`;
    if (same !== undefined) continue;
    yield* rows(at, field);
    if (field.items?.properties) yield* rows(`${at}[]`, field.items);
    if (field.additionalProperties?.properties) yield* rows(`${at}.NAME`, field.additionalProperties);
  }
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema["x-kubernetes-int-or-string"]) return "string or integer";
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.additionalProperties) return `map of ${typeOf(schema.additionalProperties)}`;
  if (schema.format === "date-time") return "time";
  return String(schema.type ?? "any");
}
