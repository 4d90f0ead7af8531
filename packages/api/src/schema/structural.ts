import * as z from "zod";

/** A rule that the API server checks, in CEL. */
interface Validation {
  rule: string;
  message: string;
  optionalOldSelf?: boolean;
}

/** A node of an OpenAPI v3 schema as a CRD has it, with those of its keywords that are read here. */
export interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  "x-kubernetes-validations"?: Validation[];
  [key: string]: unknown;
}

/**
 * The structural schema (k8s.io/apiextensions-apiserver) of a zod schema: JSON Schema without what a CRD may not hold.
 * Where unknown fields are preserved, all is left to the controller; unions can't be said but for int-or-string: `unions` keeps them there for
 * others than the API server.
 */
export function structural(schema: z.ZodType, { unions = false } = {}): Schema {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "throw", reused: "inline" });
  return strip(json as Schema, unions);
}

function strip(schema: Schema, unions: boolean): Schema {
  const { $schema: _dialect, anyOf, const: constant, additionalProperties, propertyNames: _names, properties, items, ...kept } = schema;
  const result: Schema = { ...kept };
  if (Array.isArray(result.type)) delete result.type;
  if (kept["x-kubernetes-preserve-unknown-fields"]) {
    delete result.required;
    if (unions && anyOf !== undefined) result.anyOf = anyOf.map((one) => strip(one, unions));
    return result;
  }
  if (kept["x-kubernetes-int-or-string"]) {
    result.anyOf = [{ type: "integer" }, { type: "string" }];
  } else if (anyOf !== undefined) {
    throw new Error(`a union in a CRD needs preserve or int-or-string: ${JSON.stringify(anyOf).slice(0, 200)}`);
  }
  if (constant !== undefined) result.enum = [constant];
  // zod bounds every integer by what JavaScript can hold.
  if (result["minimum"] === Number.MIN_SAFE_INTEGER) delete result["minimum"];
  if (result["maximum"] === Number.MAX_SAFE_INTEGER) delete result["maximum"];
  if (properties !== undefined)
    result.properties = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, strip(value, unions)]));
  if (items !== undefined) result.items = strip(items, unions);
  if (typeof additionalProperties === "object" && properties === undefined)
    result.additionalProperties = strip(additionalProperties, unions);
  return result;
}
