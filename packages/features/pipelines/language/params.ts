import { closest, shownAt, type Param, type Path, type Problem } from "@plimsoll/api";
import { faultIn } from "./json-fault.ts";

const expected: Record<NonNullable<Param["type"]>, [check: (value: unknown) => boolean, what: string]> = {
  string: [(value) => typeof value === "string", "a string"],
  integer: [Number.isSafeInteger, "a whole number"],
  number: [(value) => typeof value === "number", "a number"],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  array: [Array.isArray, "a list"],
  object: [(value) => typeof value === "object" && value !== null && !Array.isArray(value), "a map"],
};

/** The parameters' values for one run: what it gives, else the defaults. Problems stand in the run or the pipeline. */
export function resolveParams(
  declared: readonly Param[],
  given: Readonly<Record<string, unknown>>,
  at: Path,
): { params: Map<string, unknown>; problems: Problem[] } {
  const params = new Map<string, unknown>();
  const problems: Problem[] = [];
  for (const [index, param] of declared.entries()) {
    const { name, type = "string" } = param;
    const [check, what] = expected[type];
    const isGiven = Object.hasOwn(given, name);
    const value = isGiven ? given[name] : param.default;
    const path = isGiven ? ["spec", "params", name] : [...at, "params", index, "default"];
    if (value === undefined)
      problems.push({ path: ["spec", "params", name], message: `is missing: the pipeline has no default for it; give ${what}` });
    else if (!check(value)) problems.push({ path, message: `is ${shownAt(["params"], value)}, but must be ${what}` });
    else {
      const fault = type === "number" ? undefined : faultIn(value);
      if (fault === undefined) params.set(name, value);
      else problems.push({ path, message: fault });
    }
  }
  const names = new Set(declared.map((param) => param.name));
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue;
    problems.push({ path: ["spec", "params", name], message: `the pipeline has no such parameter${closest(name, [...names])}` });
  }
  return { params, problems };
}
