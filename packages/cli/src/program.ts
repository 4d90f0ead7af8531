import { Command } from "commander";
import { exitCode } from "./failure.ts";
import { load, type Loaders } from "./load.ts";
import { summaries } from "./summaries.ts";
import packageJson from "../package.json" with { type: "json" };

const loaders = (words: readonly string[]): Loaders<keyof typeof summaries | "cluster"> => ({
  run: async () => (await import("./runs/run.ts")).runCommand(),
  list: async () => (await import("./runs/list.ts")).listCommand(),
  get: async () => (await import("./runs/get.ts")).getCommand(),
  logs: async () => (await import("./runs/logs.ts")).logsCommand(),
  cancel: async () => (await import("./runs/cancel.ts")).cancelCommand(),
  delete: async () => (await import("./runs/delete.ts")).deleteCommand(),
  schedules: async () => (await import("./schedules/command.ts")).schedulesCommand(),
  backfill: async () => (await import("./schedules/backfill.ts")).backfillCommand(),
  spark: async () => (await import("./spark/command.ts")).sparkCommand(),
  bigdata: async () => (await import("./bigdata/command.ts")).bigDataCommand(),
  workloads: async () => (await import("./workloads/command.ts")).workloadsCommand(),
  drain: async () => (await import("./drain/drain.ts")).drainCommand(),
  undrain: async () => (await import("./drain/undrain.ts")).undrainCommand(),
  lint: async () => (await import("./lint/lint.ts")).lintCommand(),
  schema: async () => (await import("./lint/schema.ts")).schemaCommand(),
  inventory: async () => (await import("./inventory/inventory.ts")).inventoryCommand(),
  cost: async () => (await import("./inventory/cost.ts")).costCommand(),
  rightsizing: async () => (await import("./rightsizing/command.ts")).rightsizingCommand(),
  config: async () => (await import("./config/command.ts")).configCommand(),
  permissions: async () => (await import("./permissions/command.ts")).permissionsCommand(words.slice(1)),
  install: async () => (await import("./install/install.ts")).installCommand(),
  upgrade: async () => (await import("./install/upgrade.ts")).upgradeCommand(),
  uninstall: async () => (await import("./install/uninstall.ts")).uninstallCommand(),
  status: async () => (await import("./install/status.ts")).statusCommand(),
  version: async () => (await import("./install/version.ts")).versionCommand(),
  extensions: async () => (await import("./install/extensions.ts")).extensionsCommand(),
  cluster: async () => (await import("./cluster.ts")).clusterCommand(),
});

/**
 * The command line: whole, or as much of it as the words begin with. Errors are thrown, with exit codes, rather than ending the
 * process.
 */
export async function program(words: readonly string[]): Promise<Command> {
  const command = new Command("plimsoll")
    .description("Pipelines and jobs on Kubernetes, what roles permit, and a real cluster to try them on.")
    .version(packageJson.version)
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      `
Examples:
  plimsoll lint examples/digits/pipeline.yaml
  plimsoll run examples/digits/pipeline.yaml --watch
  plimsoll logs digits-x7k2p train -f
  plimsoll drain node-7 --dry-run
  plimsoll permissions risks role.yaml

Exit codes: 0 success; 1 it failed, or the run did; 2 the input was wrong; 130 interrupted.`,
    );
  for (const sub of await load(loaders(words), summaries, forTab(words))) command.addCommand(sub);
  return strict(command);
}

/** A Tab asks by `complete -- WORDS`. The first of them is one of the list; what others may be, the commands themselves know. */
function forTab(words: readonly string[]): readonly string[] {
  if (words[0] !== "complete") return words;
  return words.length > 3 ? ["--"] : [];
}

/** commander ends the process with 1 for a wrong argument; here that is thrown, and is a usage error. */
function strict(command: Command): Command {
  command.exitOverride((error) => {
    error.exitCode = error.exitCode === 0 ? exitCode.success : exitCode.usage;
    throw error;
  });
  for (const sub of command.commands) strict(sub);
  return command;
}
