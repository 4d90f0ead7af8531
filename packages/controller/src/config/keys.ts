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

function* keysIn({ properties = {} }: Schema, at: readonly string[]): Generator<Key> {
  for (const [name, value] of Object.entries(properties)) {
    const path = [...at, name];
    if (value.properties) yield* keysIn(value, path);
    else yield { path, value, live: value["live"] === true };
  }
}
