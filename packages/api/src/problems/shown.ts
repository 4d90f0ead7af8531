import type { Path } from "./path.ts";

/** Fields whose values may be secret: messages go into logs. */
const secret: ReadonlySet<unknown> = new Set([
  "env",
  "envVars",
  "params",
  "default",
  "args",
  "arguments",
  "sparkConf",
  "hadoopConf",
  "javaOptions",
]);

/** Whether what stands at a path may be secret. */
export function isSecretAt(path: Path): boolean {
  const last = path.at(-1);
  return path.some((part) => secret.has(part)) && last !== "name" && last !== "type";
}

/** What is said of a value that stands at a path: itself, if it is short and no secret. */
export function shownAt(path: Path, value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  if (value !== null && isSecretAt(path)) return kindOf(value);
  const text = String(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 59)}…${typeof value === "string" ? '"' : ""}` : text;
}

function kindOf(value: unknown): string {
  if (typeof value === "boolean") return "true or false";
  if (typeof value !== "number") return "a string";
  return Number.isInteger(value) ? "a whole number" : "a number with a fraction";
}
