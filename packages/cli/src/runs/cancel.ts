import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { forEachRun, withRuns } from "./runs.ts";
import { summaries } from "../summaries.ts";
import { ended } from "./watch.ts";

/** `plimsoll cancel`: no further step starts, and what runs is stopped. */
export function cancelCommand(): Command {
  return withCluster(withRuns(new Command("cancel")))
    .description(summaries.cancel.description)
    .addHelpText("after", "\nExamples:\n  plimsoll cancel digits-x7k2p\n  plimsoll cancel $(plimsoll list -o name)")
    .action((names: string[], options: ClusterOptions) =>
      connected(options, (client, namespace) =>
        forEachRun(names, namespace, {}, async (name) => {
          const runs = client("pipelineruns.plimsoll.dev");
          const run = await runs.get({ namespace, name });
          if (ended(run)) {
            console.log(`run "${name}" has ended already (${run.status?.phase})`);
            return;
          }
          await runs.patch({ namespace, name }, { spec: { cancel: true } }, { type: "merge" });
          console.log(`run "${name}" is being cancelled`);
        }),
      ),
    );
}
