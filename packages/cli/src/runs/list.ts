import type { PipelineRun } from "@plimsoll/api";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { formatRunPhase, stepsOf } from "./dag.ts";
import { elapsed, formatDuration } from "../output/duration.ts";
import { newestFirst, printList } from "../output/listing.ts";
import { withTable, type Column, type Format } from "../output/output.ts";
import { paintFor } from "../output/paint.ts";
import { summaries } from "../summaries.ts";
import { visible } from "../output/visible.ts";

interface ListOptions extends ClusterOptions {
  allNamespaces?: boolean;
  selector?: string;
  output: Format;
}

/** `plimsoll list`: the runs of a namespace, newest first. */
export function listCommand(): Command {
  return withTable(withCluster(new Command("list").alias("ls")))
    .description(summaries.list.description)
    .option("-A, --all-namespaces", "of every namespace")
    .option("-l, --selector <labels>", "only runs with these labels, as in team=a")
    .addHelpText("after", "\nExamples:\n  plimsoll list\n  plimsoll list -A -o wide\n  plimsoll list -o json | jq '.items[].status.phase'")
    .action((options: ListOptions) =>
      connected(options, async (client, namespace) => {
        const where = { ...(options.allNamespaces ? {} : { namespace }), ...(options.selector ? { labelSelector: options.selector } : {}) };
        const found: PipelineRun[] = await Array.fromAsync(client("pipelineruns.plimsoll.dev").list(where));
        printList(found.sort(newestFirst), columns(Date.now()), { ...options, what: "runs", namespace });
      }),
    );
}

function columns(now: number): Column<PipelineRun>[] {
  const paint = paintFor(process.stdout);
  const duration = (milliseconds: number | undefined): string => (milliseconds === undefined ? "" : formatDuration(milliseconds));
  return [
    { heading: "NAME", cell: (run) => run.metadata.name ?? "" },
    { heading: "PHASE", cell: (run) => formatRunPhase(run, paint) },
    {
      heading: "STEPS",
      cell: (run) =>
        `${Object.values(run.status?.steps ?? {}).filter((step) => step.finishedAt !== undefined).length}/${stepsOf(run).length}`,
    },
    { heading: "DURATION", cell: (run) => duration(elapsed(run.status?.startedAt, run.status?.finishedAt, now)) },
    { heading: "AGE", cell: (run) => duration(elapsed(run.metadata.creationTimestamp, undefined, now)) },
    { heading: "PIPELINE", wide: true, cell: (run) => run.spec.pipelineRef?.name ?? "(inline)" },
    { heading: "MESSAGE", wide: true, cell: (run) => visible(run.status?.message ?? "") },
  ];
}
