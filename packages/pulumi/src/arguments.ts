import { closest } from "@plimsoll/api";
import { RunError } from "@pulumi/pulumi";

// Pulumi runs a program without checking its types where Node strips them, so a slip is looked for here as well.

/** Throws a RunError for an argument that a component doesn't take. */
export function checkArguments(args: object, known: readonly string[]): void {
  const wrong = Object.keys(args).find((argument) => !known.includes(argument));
  if (wrong !== undefined) throw new RunError(`${wrong}: there is no such argument${closest(wrong, known)}`);
}

/** Throws a RunError for what is no list, and for the first of its names that the check throws for. */
export function checkNames(argument: string, names: readonly string[], check: (name: string) => void): void {
  if (!Array.isArray(names)) throw new RunError(`${argument}: is ${JSON.stringify(names)}: give a list of names`);
  try {
    names.forEach((name) => check(name));
  } catch (error) {
    throw new RunError(`${argument}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
