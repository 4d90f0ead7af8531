import type { Schema } from "@plimsoll/api";
import * as z from "zod";

/** A key of the configuration file that has a value, rather than further keys. */
export interface Key {
  path: readonly string[];
  /** Its JSON Schema. */
  value: Schema;
  /** Whether a change of it is taken without a restart. */
  live: boolean;
}

/** Every key that a schema has. */
export function keysOf(schema: z.ZodType): Key[] {
  return [...keysIn(jsonSchemaOf(schema), [])];
}

/** The JSON Schema of what a file may say. */
export function jsonSchemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: "input" }) as Schema;
}

function* keysIn(schema: Schema, at: readonly string[]): Generator<Key> {
  for (const [name, value] of propertiesOf(schema)) {
    const path = [...at, name];
    if (propertiesOf(value).size > 0) yield* keysIn(value, path);
    else yield { path, value, live: value["live"] === true };
  }
}

/** The properties of a map; of one of several kinds, those of all kinds, and the key that tells these apart with each one's value. */
function propertiesOf({ properties = {}, oneOf = [], anyOf = [] }: Schema): Map<string, Schema> {
  const found = new Map(Object.entries(properties));
  for (const [name, value] of [...oneOf, ...anyOf].flatMap((kind) => [...propertiesOf(kind)])) {
    const { const: constant, ...rest } = value;
    found.set(name, constant === undefined ? value : { ...rest, enum: [...(found.get(name)?.enum ?? []), constant] });
  }
  return found;
}
