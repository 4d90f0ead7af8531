import { Command } from "commander";
import { withCluster, type ClusterOptions } from "./cluster-options.ts";
import { connected, getRun } from "./connect.ts";
import { formatDag } from "./dag.ts";
import { formatObject, qualifiedName, withOutput, type Format } from "./output.ts";
import { paintFor } from "./paint.ts";
import { watchRun } from "./watch.ts";

/** `plimsoll get`: one run with its DAG as a tree. */
export function getCommand(): Command {
  return withOutput(withCluster(new Command("get")))
    .description("show a run: its steps as a tree, what each did, and why it waits or failed")
    .argument("<run>", "the run's name")
    .option("-w, --watch", "stay until the run ends; exit code 1 when it failed")
    .addHelpText("after", "\nExamples:\n  plimsoll get digits-x7k2p\n  plimsoll get digits-x7k2p --watch\n  plimsoll get digits-x7k2p -o yaml")
    .action((name: string, options: ClusterOptions & { output: Format; watch?: boolean }) =>
      connected(options, async (client, namespace) => {
        if (options.watch) return watchRun(client, await getRun(client, namespace, name));
        const run = await getRun(client, namespace, name);
        if (options.output === "json" || options.output === "yaml") console.log(formatObject(run, options.output));
        else if (options.output === "name") console.log(qualifiedName(run));
        else console.log(formatDag(run, Date.now(), paintFor(process.stdout)).join("\n"));
      }),
    );
}
