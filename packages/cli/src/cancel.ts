import { Command } from "commander";
import { withCluster, type ClusterOptions } from "./cluster-options.ts";
import { connected, getRun } from "./connect.ts";
import { ended } from "./watch.ts";

/** `plimsoll cancel`: no further step starts, and what runs is stopped. */
export function cancelCommand(): Command {
  return withCluster(new Command("cancel"))
    .description("stop runs: no further step starts, and the pods that run are ended; finished steps keep their results")
    .argument("<run...>", "the runs' names")
    .addHelpText("after", "\nExamples:\n  plimsoll cancel digits-x7k2p\n  plimsoll cancel $(plimsoll list -o name | sed 's,.*/,,')")
    .action((names: string[], options: ClusterOptions) =>
      connected(options, async (client, namespace) => {
        for (const name of names) {
          const run = await getRun(client, namespace, name);
          if (ended(run)) {
            console.log(`run "${name}" has ended already (${run.status?.phase})`);
            continue;
          }
          await client("pipelineruns.plimsoll.dev").patch({ namespace, name }, { spec: { cancel: true } }, { type: "merge" });
          console.log(`run "${name}" is being cancelled`);
        }
      }),
    );
}
