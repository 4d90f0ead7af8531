import type { Command } from "commander";

/** Commands by their names, each imported only when it is needed: what runs pipelines weighs on what doesn't. */
export type Loaders = Readonly<Record<string, () => Promise<Command>>>;

/** The one command that the words begin with, none to tell the version, or else all. */
export async function load(loaders: Loaders, [first = ""]: readonly string[]): Promise<Command[]> {
  if (first === "--version" || first === "-V") return [];
  const only = Object.hasOwn(loaders, first) ? loaders[first] : undefined;
  return Promise.all(only ? [only()] : Object.values(loaders).map((one) => one()));
}
