import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { forEachRun, withRuns } from "./runs.ts";
import { summaries } from "../summaries.ts";

/** `plimsoll delete`: removes runs with everything that they own. */
export function deleteCommand(): Command {
  return withCluster(withRuns(new Command("delete").alias("rm")))
    .description(summaries.delete.description)
    .option("--ignore-not-found", "a run that isn't there is no error")
    .addHelpText("after", "\nExamples:\n  plimsoll delete digits-x7k2p\n  plimsoll delete --ignore-not-found old-run")
    .action((names: string[], options: ClusterOptions & { ignoreNotFound?: boolean }) =>
      connected(options, (client, namespace) =>
        forEachRun(names, namespace, options, async (name) => {
          await client("pipelineruns.plimsoll.dev").delete({ namespace, name }, { propagationPolicy: "Background" });
          console.log(`pipelinerun.plimsoll.dev "${name}" deleted`);
        }),
      ),
    );
}
