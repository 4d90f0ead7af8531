import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import type { ClusterOptions } from "./cluster-options.ts";
import { connected } from "./connect.ts";

/** The commands whose first argument is a run, and those whose is a node. */
const ofRuns = new Set(["get", "logs", "cancel", "delete"]);
const ofNodes = new Set(["drain", "undrain"]);

/**
 * Adds `plimsoll completion bash|zsh|fish|powershell` and what it calls back. Where the name of a run or a node is being completed,
 * the names are read from the cluster first, for as long as a person waits for a Tab; those of features are known.
 */
export async function complete(program: Command, argv: readonly string[]): Promise<void> {
  const words = argv[2] === "complete" && argv[3] === "--" ? argv.slice(4) : [];
  const root = tab(program, { completionCommandName: "completion" });
  const command = words[0] === "permissions" ? words.slice(0, 2).join(" ") : (words[0] ?? "");
  const [argument] = root.commands.get(command)?.arguments.values() ?? [];
  if (argument === undefined) return;
  let names: string[];
  if (ofRuns.has(command) || ofNodes.has(command))
    names = await namesOf(ofRuns.has(command) ? "pipelineruns.plimsoll.dev" : "nodes", {
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

async function namesOf(resource: "pipelineruns.plimsoll.dev" | "nodes", options: ClusterOptions): Promise<string[]> {
  const names = connected(options, async (client, namespace) => {
    const listed = resource === "nodes" ? client(resource).list() : client(resource).list({ namespace });
    const found: string[] = [];
    for await (const { metadata } of listed) found.push(metadata.name);
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
