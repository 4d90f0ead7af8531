import { Command } from "commander";

/** What help says of a command in the list of its group. */
export interface Summary {
  alias?: string;
  /** False if it has none: the list says no more of options than that there are some. */
  options?: false;
  /** As in `<a> [b...]`. */
  arguments: string;
  description: string;
}

/** Commands by their names, each imported only when it is needed: what runs pipelines weighs on what doesn't. */
export type Loaders<Name extends string> = Readonly<Record<Name, () => Command | Promise<Command>>>;

/** What help says of some of these; those of other packages say it themselves. */
type Summaries<Name extends string> = Readonly<Partial<Record<Name, Summary>>>;

/**
 * The one command that the words name, none to tell the version, and all if an option comes first, as a command may follow it; or
 * else all as help lists them, which can't be run.
 */
export async function load<Name extends string>(
  loaders: Loaders<Name>,
  summaries: Summaries<Name>,
  [first = "", second = ""]: readonly string[],
): Promise<Command[]> {
  if (first === "--version" || first === "-V") return [];
  const names = Object.keys(loaders) as Name[];
  const word = first === "help" ? second : first;
  const only = names.find((name) => word === name || word === summaries[name]?.alias);
  if (only !== undefined) return [await loaders[only]()];
  const whole = word.startsWith("-") && word !== "-h" && word !== "--help";
  return Promise.all(names.map((name) => listed(name, whole ? undefined : summaries[name]) ?? loaders[name]()));
}

function listed(name: string, summary: Summary | undefined): Command | undefined {
  if (summary === undefined) return undefined;
  const command = new Command(name).description(summary.description);
  if (summary.alias !== undefined) command.alias(summary.alias);
  if (summary.options !== false) command.option("-o, --output <format>");
  return summary.arguments === "" ? command : command.arguments(summary.arguments);
}
