import type { WorkloadSet } from "@plimsoll/api";
import { conflictsIn } from "@plimsoll/features/workloads";
import type { Stored } from "@plimsoll/kube";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { durationOption } from "../output/duration.ts";
import { Failure } from "../failure.ts";
import { formatOne, qualifiedName, withObject, type ObjectFormat } from "../output/output.ts";
import { readSets } from "./of-set.ts";
import { awaitSet } from "./wait.ts";

interface ApplyOptions extends ClusterOptions {
  dryRun?: boolean;
  force?: boolean;
  wait?: boolean;
  timeout: number;
  output?: ObjectFormat;
}

/** `plimsoll workloads apply`: writes sets, which the controller then carries out. */
export function applyCommand(): Command {
  return withObject(withCluster(new Command("apply")), "how to print the sets")
    .description("write workload sets by server-side apply; the controller then applies what they list")
    .argument("<file...>", "YAML or JSON files with WorkloadSets, or - for standard input")
    .option("--dry-run", "have the API server check them, and write nothing")
    .option("--force", "take over fields of the sets that another manager has, as kubectl edit")
    .option("-w, --wait", "stay until all objects are applied and healthy; exit code 1 where they can't be, or not in time")
    .option("--timeout <duration>", "how long to wait, as in 90s or 10m (default: 5m)", durationOption, 300_000)
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll workloads apply web.yaml --wait\n  plimsoll workloads apply web.yaml --dry-run\n  render-manifests | plimsoll workloads apply - -n team-a",
    )
    .action((files: string[], options: ApplyOptions) =>
      connected(options, async (client, namespace) => {
        const sets = await readSets(files, namespace);
        const written: Stored<WorkloadSet>[] = [];
        for (const set of sets) {
          const one = await write(client, set, options);
          written.push(one);
          console.log(
            options.output ? formatOne(one, options.output) : `${qualifiedName(one)} applied${options.dryRun ? " (dry run)" : ""}`,
          );
        }
        if (options.wait && !options.dryRun) for (const set of written) await awaitSet(client, set, options.timeout);
      }),
    );
}

async function write(client: Client, set: WorkloadSet, { dryRun = false, force = false }: ApplyOptions): Promise<Stored<WorkloadSet>> {
  const { namespace = "", name = "" } = set.metadata;
  try {
    return await client("workloadsets.plimsoll.dev").patch(
      { namespace, name },
      { ...set, status: undefined },
      { type: "apply", fieldManager: "plimsoll-cli", force, ...(dryRun && { dryRun: "All" }) },
    );
  } catch (error) {
    const conflicts = conflictsIn(error);
    if (conflicts.length === 0) throw error;
    throw new Failure(`workload set "${name}": ${conflicts.join(", ")}: --force takes it over`);
  }
}
