import { storedVersion, type CustomObject } from "./kind.ts";
import { kinds } from "../kinds/index.ts";
import { rootSchema } from "./root-schema.ts";
import type { Schema } from "./structural.ts";

/** The bytes of a value's JSON as Go writes it: <, >, & and two separators of lines as \u003c and the like. */
export function jsonSize(value: unknown): number {
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) + 5 * (text.match(/[<>&]/g)?.length ?? 0) + 3 * (text.match(/[\u2028\u2029]/g)?.length ?? 0);
}

/**
 * The bytes of what the API server keeps beside an object of ours that is applied as it is: who holds which of its fields
 * (`metadata.managedFields`). It is at most three times as long as the object.
 */
export function managedFieldsSize(object: CustomObject): number {
  const kind = kinds.find((one) => one.kind === object.kind);
  return owned(object, kind === undefined ? {} : rootSchema(storedVersion(kind)));
}

/** The size of `{".":{},"f:spec":{…}}` of a value (FieldsV1 of structured-merge-diff). */
function owned(value: unknown, schema: Schema, isEntry = false): number {
  const entries = entriesOf(value, schema);
  if (entries === undefined) return "{}".length;
  const inner = entries.map(({ key, value, schema }) => jsonSize(key) + ":".length + owned(value, schema, key.startsWith("k:")));
  const parts = isEntry ? ['".":{}'.length, ...inner] : inner;
  return "{}".length + parts.reduce((sum, size) => sum + size, 0) + Math.max(0, parts.length - 1);
}

/** What of a value has owners of its own; undefined for what has one as a whole. */
function entriesOf(value: unknown, schema: Schema): { key: string; value: unknown; schema: Schema }[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    const keys = schema["x-kubernetes-list-map-keys"];
    if (schema["x-kubernetes-list-type"] === "set")
      return value.map((one) => ({ key: `v:${JSON.stringify(one)}`, value: one, schema: items }));
    if (!Array.isArray(keys)) return undefined;
    return value.map((one: object) => {
      const named = Object.fromEntries(keys.map((key: string) => [key, Reflect.get(one, key)]));
      return { key: `k:${JSON.stringify(named)}`, value: one, schema: items };
    });
  }
  if (schema["x-kubernetes-map-type"] === "atomic") return undefined;
  return Object.entries(value).map(([key, one]) => ({
    key: `f:${key}`,
    value: one,
    schema: schema.properties?.[key] ?? schema.additionalProperties ?? {},
  }));
}
