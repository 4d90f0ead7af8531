import { group, storedVersion, type Kind } from "./kind.ts";
import { rootSchema } from "./root-schema.ts";
import type { Schema } from "./structural.ts";

/** A JSON Schema as editors read it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema (draft 2020-12) of a kind's objects, as users write them: the schema of its CRD, in which no other fields are known, with the
 * unions that a CRD can't say.
 */
export function jsonSchemaOf(kind: Kind): JsonSchema {
  const version = storedVersion(kind);
  const { apiVersion: _, kind: __, status: ___, metadata: ____, ...fields } = rootSchema(version, { unions: true }).properties ?? {};
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: kind.kind,
    description: kind.docs.intro,
    ...objectOf({
      apiVersion: { const: `${group}/${version.name}` },
      kind: { const: kind.kind },
      metadata: { type: "object" },
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)])),
    }),
    required: ["apiVersion", "kind", "metadata", "spec"],
  };
}

function objectOf(properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: "object", properties, additionalProperties: false };
}

/** A part of a CRD's schema without what only Kubernetes reads. */
export function plain(schema: Schema): JsonSchema {
  const own = Object.entries(schema).filter(
    ([key]) => !key.startsWith("x-kubernetes-") && !["properties", "items", "additionalProperties", "nullable"].includes(key),
  );
  const { properties, items, additionalProperties } = schema;
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    ...Object.fromEntries(own),
    ...(schema["x-kubernetes-int-or-string"] ? { type: ["integer", "string"] } : {}),
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, plain(field)])) }),
    ...(items && { items: plain(items) }),
    ...(additionalProperties
      ? { additionalProperties: plain(additionalProperties) }
      : properties && !isOpen
        ? { additionalProperties: false }
        : {}),
  };
}
