import type { Path, Problem } from "@plimsoll/api";
import { templateFault } from "../image.ts";
import type { Rule } from "./names.ts";

/** What a text must be that is given and isn't so. */
export function* named(text: string | undefined, rule: Rule, path: Path): Generator<Problem> {
  if (text === undefined) return;
  const wanted = rule(text);
  if (wanted !== undefined) yield { path, message: `is ${JSON.stringify(text.slice(0, 70))}: must be ${wanted}` };
}

/** The same, of what must be there. */
export function* required(text: string | undefined, path: Path, rule: Rule = () => undefined): Generator<Problem> {
  if (text === undefined || text === "") yield { path, message: "is missing: give it" };
  else yield* named(text, rule, path);
}

/** An image's name that container runtimes don't read, whatever its expressions give. */
export function* imageProblems(image: string | undefined, path: Path): Generator<Problem> {
  const fault = image === undefined || image === "" ? undefined : templateFault(image);
  if (fault !== undefined) yield { path, message: fault };
}

/** A word that must be one of some. Where Kubernetes takes an empty text for none, it is for the caller to leave it out. */
export function* oneOf(text: string | undefined, words: readonly string[], path: Path): Generator<Problem> {
  if (text === undefined || words.includes(text)) return;
  const named = words.filter((word) => word !== "");
  yield { path, message: `is ${JSON.stringify(text)}: must be ${named.slice(0, -1).join(", ")} or ${named.at(-1)}` };
}

/** A number that must be within bounds. */
export function* within(value: number | undefined, least: number, most: number, path: Path): Generator<Problem> {
  if (value === undefined || (value >= least && value <= most)) return;
  const bounds = most === Infinity ? `at least ${least}` : least === -Infinity ? `at most ${most}` : `from ${least} to ${most}`;
  yield { path, message: `is ${value}: must be ${bounds}` };
}

/** An object that must have just one of some fields. */
export function* justOne(value: object, fields: readonly string[], path: Path): Generator<Problem> {
  const [first, ...more] = fields.filter((field) => Reflect.get(value, field) !== undefined);
  if (first === undefined) yield { path, message: `holds nothing: give one of ${fields.join(", ")}` };
  for (const field of more) yield { path: [...path, field], message: `stands beside ${first}: give one of them` };
}

/** Texts of a list of which one stands there already. */
export function* once(texts: readonly (string | undefined)[], pathOf: (index: number) => Path): Generator<Problem> {
  const seen = new Set<string>();
  for (const [index, text] of texts.entries()) {
    if (text === undefined) continue;
    if (seen.has(text)) yield { path: pathOf(index), message: `${JSON.stringify(text)} stands there already: give each its own` };
    seen.add(text);
  }
}
