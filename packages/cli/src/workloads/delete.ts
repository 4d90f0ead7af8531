import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { isMissing } from "../connect/missing.ts";
import { setName, withSet } from "./of-set.ts";

/** `plimsoll workloads delete`: removes sets, with their objects unless these are to stay. */
export function deleteCommand(): Command {
  return withCluster(new Command("delete").alias("rm"))
    .description("delete workload sets; their objects go with them, unless deletionPolicy is orphan or --orphan is given")
    .argument("<set...>", "the sets' names", (text: string, before: readonly string[] = []) => [...before, setName(text)])
    .option("--orphan", "leave the objects")
    .option("--ignore-not-found", "a set that isn't there is no error")
    .addHelpText("after", "\nExamples:\n  plimsoll workloads delete web\n  plimsoll workloads delete web --orphan")
    .action((names: string[], { orphan, ignoreNotFound, ...options }: ClusterOptions & { orphan?: boolean; ignoreNotFound?: boolean }) =>
      connected(options, async (client, namespace) => {
        for (const name of names) {
          const deletion = client("workloadsets.plimsoll.dev").delete(
            { namespace, name },
            { propagationPolicy: orphan ? "Orphan" : "Background" },
          );
          if (ignoreNotFound && (await deletion.then(() => false, isMissing))) continue;
          await withSet(name, namespace, deletion);
          console.log(`workloadset.plimsoll.dev "${name}" deleted${orphan ? ", its objects stay" : ""}`);
        }
      }),
    );
}
