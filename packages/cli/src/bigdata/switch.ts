import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { Failure, UsageError } from "../failure.ts";
import { checkAskable, confirm } from "../install/confirm.ts";
import { withYes } from "../install/options.ts";
import { environmentsOf } from "./environments.ts";

interface SwitchOptions extends ClusterOptions {
  dryRun?: boolean;
}

interface PurgeOptions extends SwitchOptions {
  yes?: boolean;
  cancel?: boolean;
}

/** `plimsoll bigdata activate` and `deactivate`: sets `active`. */
export function switchCommand(verb: "activate" | "deactivate"): Command {
  const active = verb === "activate";
  return withEnvironments(new Command(verb))
    .description(`set an environment's spec.active to ${active}: Ocean for Spark's own operator acts upon it`)
    .addHelpText("after", `\nExamples:\n  plimsoll bigdata ${verb} spark -n spot-system\n  plimsoll bigdata ${verb} spark --dry-run`)
    .action((names: string[], options: SwitchOptions) => set(names, "active", active, options));
}

/** `plimsoll bigdata purge`: sets `purge`, upon which the environment's operator takes away what it has installed. */
export function purgeCommand(): Command {
  return withYes(withEnvironments(new Command("purge")))
    .description("set an environment's spec.purge: Ocean for Spark's own operator then takes away what it has installed")
    .option("--cancel", "set it back, for an environment that is still there")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll bigdata purge spark -n spot-system --dry-run\n  plimsoll bigdata purge spark -n spot-system --yes\n  plimsoll bigdata purge spark -n spot-system --cancel",
    )
    .action((names: string[], { cancel = false, ...options }: PurgeOptions) => {
      if (!cancel && !options.dryRun) checkAskable(options);
      return set(names, "purge", !cancel, options);
    });
}

function withEnvironments(command: Command): Command {
  return withCluster(command)
    .argument("<environment...>", "the BigDataEnvironments' names", (text: string, before: readonly string[] = []) => [
      ...before,
      environmentName(text),
    ])
    .option("--dry-run", "only say what would be done; the API server is asked");
}

/** A name, also as `-o name` and kubectl print it: with its kind before it. */
function environmentName(text: string): string {
  const name = text.replace(/^bigdataenvironments?(\.bigdata\.spot\.io)?\//, "");
  if (name === "") throw new UsageError("an environment's name is missing: plimsoll bigdata list");
  return name;
}

async function set(names: readonly string[], field: "active" | "purge", value: boolean, options: PurgeOptions): Promise<void> {
  return connected(options, async (_, namespace, transport) => {
    const environments = await environmentsOf(transport, namespace);
    // Each is tried before any is written: what is gone, or has no such field, is told with nothing changed.
    for (const name of names) {
      const { spec } = await environments.patch(name, { [field]: value }, true);
      if (spec?.[field] !== value)
        throw new Failure(
          `BigDataEnvironments have no spec.${field} in this cluster: the schema of their kind lacks it; nothing was changed`,
        );
    }
    if (field === "purge" && value && !options.dryRun)
      await confirm(`Have ${names.join(", ")} purged, with all that Ocean for Spark has installed there, in ${transport.server}?`, options);
    for (const name of names) {
      if (!options.dryRun) await environments.patch(name, { [field]: value });
      console.log(`bigdataenvironment.bigdata.spot.io "${name}": spec.${field} is ${value}${options.dryRun ? " (dry run)" : ""}`);
    }
  });
}
