import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import type { ClusterOptions } from "./cluster-options.ts";
import { connected } from "./connect.ts";

/** The commands whose first argument is a run. */
const ofRuns = new Set(["get", "logs", "cancel", "delete"]);

/**
 * Adds `plimsoll completion bash|zsh|fish|powershell` and what it calls back. Where a run's name is being completed,
 * the names are read from the cluster first, for as long as a person waits for a Tab; those of features are known.
 */
export async function complete(program: Command, argv: readonly string[]): Promise<void> {
  const words = argv[2] === "complete" && argv[3] === "--" ? argv.slice(4) : [];
  const root = tab(program, { completionCommandName: "completion" });
  const command = words[0] === "permissions" ? words.slice(0, 2).join(" ") : (words[0] ?? "");
  const [argument] = root.commands.get(command)?.arguments.values() ?? [];
  if (argument === undefined) return;
  let names: string[];
  if (ofRuns.has(command))
    names = await runNames({
      namespace: optionOf(words, "-n") ?? optionOf(words, "--namespace"),
      kubeconfig: optionOf(words, "--kubeconfig"),
      context: optionOf(words, "--context"),
    });
  else if (command === "permissions explain") names = (await import("@plimsoll/controller")).parts.map(({ name }) => name);
  else if (command === "inventory") names = Object.keys((await import("./inventory/inventory.ts")).views);
  else return;
  argument.handler = (suggest) => {
    for (const name of names) suggest(name, "");
  };
}

async function runNames(options: ClusterOptions): Promise<string[]> {
  const names = connected(options, async (client, namespace) => {
    const found: string[] = [];
    for await (const run of client("pipelineruns.plimsoll.dev").list({ namespace })) found.push(run.metadata.name ?? "");
    return found;
  });
  const tooLong = new Promise<string[]>((resolve) => void setTimeout(resolve, 1_000, []).unref());
  // No cluster, no names: a Tab must not print an error into the user's command line.
  return Promise.race([names.catch(() => []), tooLong]);
}

function optionOf(words: readonly string[], option: string): string | undefined {
  const index = words.indexOf(option);
  return index < 0 ? undefined : words[index + 1];
}
