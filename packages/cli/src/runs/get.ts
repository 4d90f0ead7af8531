import type { PipelineRun } from "@plimsoll/api";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { formatDag } from "./dag.ts";
import { formatOne, withObject, type ObjectFormat } from "../output/output.ts";
import { paintFor } from "../output/paint.ts";
import { getRun, withRun } from "./runs.ts";
import { summaries } from "../summaries.ts";
import { checkSuccess, states, watchRun } from "./watch.ts";

/** `plimsoll get`: one run with its DAG as a tree. */
export function getCommand(): Command {
  return withObject(withCluster(withRun(new Command("get"))), "print the run as it is instead; with --watch, each of its states")
    .description(summaries.get.description)
    .option("-w, --watch", "stay until the run ends; exit code 1 when it failed")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll get digits-x7k2p\n  plimsoll get digits-x7k2p --watch\n  plimsoll get digits-x7k2p -o yaml",
    )
    .action((name: string, { watch, output, ...options }: ClusterOptions & { output?: ObjectFormat; watch?: boolean }) =>
      connected(options, async (client, namespace) => {
        const run = await getRun(client, namespace, name);
        if (watch) return output ? printStates(client, run, output) : watchRun(client, run);
        console.log(output ? formatOne(run, output) : formatDag(run, Date.now(), paintFor(process.stdout)).join("\n"));
      }),
    );
}

/** Prints each state of a run until it ends, and fails when it did not succeed. */
async function printStates(client: Client, first: PipelineRun, format: ObjectFormat): Promise<void> {
  let run = first;
  for await (run of states(client, first, { say: console.error }))
    console.log(`${format === "yaml" && run !== first ? "---\n" : ""}${formatOne(run, format)}`);
  checkSuccess(run);
}
