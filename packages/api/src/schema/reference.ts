import { group, storedVersion, type Kind } from "./kind.ts";
import { rootSchema } from "./root-schema.ts";
import type { Schema } from "./structural.ts";
import { and } from "../problems/words.ts";

type SameAs = NonNullable<Kind["docs"]["sameAs"]>;

/** A page in Markdown with every field of some kinds, in the version that is stored. */
export function reference(kinds: readonly Kind[]): string {
  const apiVersions = new Set(kinds.map((kind) => `\`apiVersion: ${group}/${storedVersion(kind).name}\``));
  const guides = new Set(kinds.map(({ docs: { guide } }) => `[${guide}](../${guide})`));
  return [
    `# ${and(kinds.map(({ kind }) => kind))}, field by field`,
    `${and(apiVersions)}. How to use them: ${and(guides)}. This page is made from the schemas by \`npm run generate\`.`,
    ...kinds.map(section),
  ]
    .join("\n\n")
    .concat("\n");
}

function section(definition: Kind): string {
  const { kind, plural, shortNames, docs } = definition;
  const { spec, status } = rootSchema(storedVersion(definition)).properties ?? {};
  const short = shortNames.length > 0 ? ` (short: ${and(shortNames.map((name) => `\`${name}\``))})` : "";
  const intro = `${docs.intro} \`kubectl get ${plural}\`${short}.`;
  return [`## ${kind}`, intro, spec && table("spec", spec, docs.sameAs), status && table("status", status, docs.sameAs)]
    .filter(Boolean)
    .join("\n\n");
}

function table(path: string, schema: Schema, sameAs: SameAs = {}): string {
  return ["| field | type | what it says |", "| --- | --- | --- |", ...rows(path, schema, sameAs)].join("\n");
}

function* rows(path: string, schema: Schema, sameAs: SameAs): Generator<string> {
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
    yield* rows(at, field, sameAs);
    if (field.items?.properties) yield* rows(`${at}[]`, field.items, sameAs);
    if (field.additionalProperties?.properties) yield* rows(`${at}.NAME`, field.additionalProperties, sameAs);
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
