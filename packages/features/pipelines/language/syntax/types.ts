import type { CelType } from "@bufbuild/cel";

/** The overloads of functions, by name. */
export type Overloads = ReadonlyMap<string, readonly { target: CelType | undefined; arguments: readonly CelType[]; result: CelType }[]>;

/** What is known of a value before there is one. */
export type Type =
  | { is: "any" }
  | {
      is:
        | "string"
        | "int"
        | "uint"
        | "double"
        | "bool"
        | "bytes"
        | "null"
        | "type"
        | "timestamp"
        | "duration"
        | "quantity"
        | "ip"
        | "cidr"
        | "url"
        | "semver";
    }
  /** A text that is one of these. */
  | { is: "string"; noun: string; values: readonly string[] }
  /** `isEmpty`: it has no entries, so that it is a list of anything. */
  | { is: "list"; of: Type; isEmpty?: true }
  /** `fields`: all that there are, where that is known; `noun`: what it is, as in `step`. */
  | { is: "map"; of: Type; fields?: ReadonlyMap<string, Type>; noun?: string };

/** A text of which all values are known. */
export const oneOf = (noun: string, values: readonly string[]): Type => ({ is: "string", noun, values });

export const any: Type = { is: "any" };
export const string: Type = { is: "string" };
export const int: Type = { is: "int" };
export const listOf = (of: Type): Type => ({ is: "list", of });
export const emptyList: Type = { is: "list", of: any, isEmpty: true };
export const mapOf = (of: Type): Type => ({ is: "map", of });

/** A map all fields of which are known. */
export function object(noun: string, fields: Readonly<Record<string, Type>>): Type {
  return { is: "map", of: any, fields: new Map(Object.entries(fields)), noun };
}

/** The type of a JSON value; of several that differ, what they have in common. */
export function typeOf(value: unknown): Type {
  if (value === null) return { is: "null" };
  if (Array.isArray(value)) return listOf(common(value.map(typeOf)));
  switch (typeof value) {
    case "string":
      return string;
    case "boolean":
      return { is: "bool" };
    case "number":
      return { is: Number.isSafeInteger(value) ? "int" : "double" };
    case "object":
      return {
        is: "map",
        of: any,
        fields: new Map(Object.entries(value as object).map(([key, entry]) => [key, typeOf(entry)])),
        noun: "item",
      };
    default:
      return any;
  }
}

/** What several types have in common. A field that only some have may be there. */
export function common([first = any, ...others]: readonly Type[]): Type {
  return others.reduce((a, b) => {
    if (a.is === "list" && b.is === "list") return a.isEmpty ? b : b.isEmpty ? a : listOf(common([a.of, b.of]));
    if (a.is === "map" && b.is === "map") {
      if (a.fields === undefined || b.fields === undefined) return mapOf(common([a.of, b.of]));
      const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
      const fields = new Map(
        [...names].map((name) => [name, common([a.fields?.get(name), b.fields?.get(name)].flatMap((type) => type ?? []))]),
      );
      return { is: "map", of: any, fields, ...(a.noun === undefined ? {} : { noun: a.noun }) };
    }
    if (a.is === "string" && b.is === "string") return "values" in a && "values" in b && a.noun === b.noun ? a : string;
    return a.is === b.is ? a : any;
  }, first);
}

const nouns: Readonly<Record<string, string>> = {
  any: "value",
  string: "text",
  int: "whole number",
  uint: "uint",
  double: "number with a point",
  bool: "true or false",
  bytes: "bytes",
  null: "null",
  list: "list",
  map: "map",
  timestamp: "time",
  duration: "duration",
  type: "type",
  quantity: "quantity",
  ip: "IP address",
  cidr: "network",
  url: "URL",
  semver: "semantic version",
};

/** How a type is used. */
export const comparedType = "compare it, as in type(x) == int";

/** Kinds of values that JSON doesn't have, and what to write. */
const withoutJson: Partial<Record<Type["is"], string>> = {
  timestamp: "write string() around it",
  duration: "write string() around it",
  bytes: "write string() around it",
  ip: "write string() around it",
  cidr: "write string() around it",
  quantity: "give its asInteger() or asApproximateFloat()",
  url: "give a part of it, as in url(x).getHost()",
  semver: "give a part of it, as in semver(x).major()",
  type: comparedType,
};

/** What is said of a kind of value that JSON doesn't have, as in `bytes, which JSON doesn't have: …`; undefined where it has it. */
export function unfitForJson(type: Type): string | undefined {
  const remedy = withoutJson[type.is];
  return remedy === undefined ? undefined : `${describe(type)}, which JSON doesn't have: ${remedy}`;
}

/** As in `a text`. */
export function describe({ is }: Type): string {
  const noun = nouns[is] ?? is;
  if (is === "ip") return `an ${noun}`;
  return ["bool", "null", "bytes"].includes(is) ? noun : `a ${noun}`;
}

/** Kinds that CEL compares with each other. */
export const numbers: ReadonlySet<string> = new Set(["int", "uint", "double"]);

/** The type of a constant, by what the parser calls it. */
export function constantType(kind: string | undefined): Type {
  switch (kind) {
    case "stringValue":
      return string;
    case "int64Value":
      return int;
    case "uint64Value":
      return { is: "uint" };
    case "doubleValue":
      return { is: "double" };
    case "boolValue":
      return { is: "bool" };
    case "bytesValue":
      return { is: "bytes" };
    case "nullValue":
      return { is: "null" };
    default:
      return any;
  }
}

/** Whether two values can be equal. What is null may stand for anything that isn't there. */
export function comparable(a: Type, b: Type): boolean {
  if (a.is === "any" || b.is === "any" || a.is === "null" || b.is === "null") return true;
  return a.is === b.is || (numbers.has(a.is) && numbers.has(b.is));
}

/** Whether a value may be an argument of a function. */
export function fits(type: Type, wanted: CelType): boolean {
  const { is } = typeOfCel(wanted);
  return type.is === "any" || is === "any" || type.is === is;
}

/** As the library knows it. */
export function typeOfCel(type: CelType): Type {
  return type.kind === "list" ? listOf(typeOfCel(type.element)) : typeNamed(type.name);
}

/** By the name that the library has for it. */
export function typeNamed(name: string): Type {
  switch (name) {
    case "string":
    case "int":
    case "uint":
    case "double":
    case "bool":
    case "bytes":
    case "type":
      return { is: name };
    case "null_type":
      return { is: "null" };
    case "list":
      return listOf(any);
    case "map":
      return mapOf(any);
    case "google.protobuf.Timestamp":
      return { is: "timestamp" };
    case "google.protobuf.Duration":
      return { is: "duration" };
    case "kubernetes.Quantity":
      return { is: "quantity" };
    case "net.IP":
      return { is: "ip" };
    case "net.CIDR":
      return { is: "cidr" };
    case "kubernetes.URL":
      return { is: "url" };
    case "kubernetes.Semver":
      return { is: "semver" };
    default:
      return any;
  }
}
