import { isNotFound } from "@plimsoll/kube";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "./cluster-options.ts";
import { connected } from "./connect.ts";
import { Failure } from "./failure.ts";

/** `plimsoll delete`: removes runs with everything that they own. */
export function deleteCommand(): Command {
  return withCluster(new Command("delete").alias("rm"))
    .description("delete runs with their Jobs, pods and workspaces")
    .argument("<run...>", "the runs' names")
    .option("--ignore-not-found", "a run that isn't there is no error")
    .addHelpText("after", "\nExamples:\n  plimsoll delete digits-x7k2p\n  plimsoll delete --ignore-not-found old-run")
    .action((names: string[], options: ClusterOptions & { ignoreNotFound?: boolean }) =>
      connected(options, async (client, namespace) => {
        const missing: string[] = [];
        for (const name of names) {
          try {
            await client("pipelineruns.plimsoll.dev").delete({ namespace, name }, { propagationPolicy: "Background" });
            console.log(`pipelinerun.plimsoll.dev "${name}" deleted`);
          } catch (error) {
            if (!isNotFound(error)) throw error;
            missing.push(name);
          }
        }
        if (missing.length > 0 && !options.ignoreNotFound)
          throw new Failure(`no run ${missing.map((name) => `"${name}"`).join(", ")} in namespace "${namespace}"`);
      }),
    );
}
