import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import type { ClusterOptions } from "./connect/cluster-options.ts";

type Named =
  | "pipelineruns.plimsoll.dev"
  | "pipelineschedules.plimsoll.dev"
  | "backfills.plimsoll.dev"
  | "sparkapplications.sparkoperator.k8s.io"
  | "workloadsets.plimsoll.dev"
  | "bigdataenvironments.bigdata.spot.io"
  | "nodes";

/** What the first argument of a command names. */
const named: Readonly<Record<string, Named>> = {
  get: "pipelineruns.plimsoll.dev",
  logs: "pipelineruns.plimsoll.dev",
  cancel: "pipelineruns.plimsoll.dev",
  delete: "pipelineruns.plimsoll.dev",
  "schedules run": "pipelineschedules.plimsoll.dev",
  "schedules suspend": "pipelineschedules.plimsoll.dev",
  "schedules resume": "pipelineschedules.plimsoll.dev",
  "backfill create": "pipelineschedules.plimsoll.dev",
  "backfill cancel": "backfills.plimsoll.dev",
  "backfill resume": "backfills.plimsoll.dev",
  ...Object.fromEntries(
    ["status", "logs", "ui", "kill", "resume"].map((command) => [`spark ${command}`, "sparkapplications.sparkoperator.k8s.io" as const]),
  ),
  "workloads status": "workloadsets.plimsoll.dev",
  "workloads diff": "workloadsets.plimsoll.dev",
  "workloads delete": "workloadsets.plimsoll.dev",
  ...Object.fromEntries(
    ["activate", "deactivate", "purge"].map((command) => [`bigdata ${command}`, "bigdataenvironments.bigdata.spot.io" as const]),
  ),
  drain: "nodes",
  undrain: "nodes",
};

/** Commands that have commands of their own. */
const groups = new Set(["permissions", "schedules", "backfill", "workloads", "spark", "bigdata"]);

/**
 * Adds `plimsoll completion bash|zsh|fish|powershell` and what it calls back. Where the name of something in the cluster is being completed,
 * the names are read from the cluster first, for as long as a person waits for a Tab; those of features are known.
 */
export async function complete(program: Command, argv: readonly string[]): Promise<void> {
  const words = argv[2] === "complete" && argv[3] === "--" ? argv.slice(4) : [];
  const root = tab(program, { completionCommandName: "completion" });
  const command = groups.has(words[0] ?? "") ? words.slice(0, 2).join(" ") : (words[0] ?? "");
  const [argument] = root.commands.get(command)?.arguments.values() ?? [];
  if (argument === undefined) return;
  let names: string[];
  const resource = named[command];
  if (resource !== undefined)
    names = await namesOf(resource, {
      namespace: optionOf(words, "-n") ?? optionOf(words, "--namespace"),
      kubeconfig: optionOf(words, "--kubeconfig"),
      context: optionOf(words, "--context"),
    });
  else if (command === "permissions explain") names = (await import("@plimsoll/controller")).parts.map(({ name }) => name);
  else if (command === "inventory") names = (await import("./inventory/inventory.ts")).shown;
  else return;
  argument.handler = (suggest) => {
    for (const name of names) suggest(name, "");
  };
}

async function namesOf(resource: Named, options: ClusterOptions): Promise<string[]> {
  const { connected } = await import("./connect/connect.ts");
  const names = connected(options, async (client, namespace, transport) => {
    const found: string[] = [];
    if (resource === "bigdataenvironments.bigdata.spot.io") {
      const environments = await (await import("./bigdata/environments.ts")).environmentsOf(transport, namespace);
      return (await environments.list()).map(({ metadata }) => metadata.name);
    }
    const listed = () => {
      if (resource === "nodes") return client(resource).list();
      if (resource === "pipelineruns.plimsoll.dev") return client(resource).list({ namespace });
      if (resource === "sparkapplications.sparkoperator.k8s.io") return client(resource).list({ namespace });
      if (resource === "workloadsets.plimsoll.dev") return client(resource).list({ namespace });
      return resource === "backfills.plimsoll.dev" ? client(resource).list({ namespace }) : client(resource).list({ namespace });
    };
    for await (const { metadata } of listed()) found.push(metadata.name);
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
