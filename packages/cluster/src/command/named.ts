import type { Command } from "commander";

/** What each command about a cluster is given. */
export interface Named {
  name: string;
}

/** Adds the option that names the cluster. */
export function named(command: Command): Command {
  return command.option("--name <name>", "the cluster's name", "plimsoll");
}

/** The end of a command's help. */
export function examples(...lines: string[]): string {
  return ["", "Examples:", ...lines.map((line) => `  ${line}`)].join("\n");
}
