import { closest } from "@plimsoll/api";
import { RunError } from "@pulumi/pulumi";

const label = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";

export interface NameKind {
  of: string;
  pattern: RegExp;
  /** What to give instead. */
  hint: string;
}

export const namespaceName: NameKind = { of: "a namespace", pattern: new RegExp(`^${label}$`), hint: "give lower-case letters and digits, with dashes between them" };

export const definitionName: NameKind = {
  of: "a CustomResourceDefinition",
  pattern: new RegExp(`^${label}(?:\\.${label})+$`),
  hint: "give PLURAL.GROUP, as in pipelines.plimsoll.dev, or true in place of the list for all of them",
};

// Pulumi runs a program without checking its types where Node strips them, so a slip is looked for here as well.

/** Throws a RunError for an argument that a component doesn't take. */
export function checkArguments(args: object, known: readonly string[]): void {
  const wrong = Object.keys(args).find((argument) => !known.includes(argument));
  if (wrong !== undefined) throw new RunError(`${wrong}: there is no such argument${closest(wrong, known)}`);
}

/** Throws a RunError for the first name of an argument that is not of its kind. */
export function checkNames(argument: string, names: readonly string[], { of, pattern, hint }: NameKind): void {
  if (!Array.isArray(names)) throw new RunError(`${argument}: is ${JSON.stringify(names)}: give a list of names`);
  const wrong = names.find((name) => !pattern.test(name));
  if (wrong !== undefined) throw new RunError(`${argument}: "${wrong}" is not the name of ${of}: ${hint}`);
}
