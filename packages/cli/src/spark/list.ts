import type { SparkApplication } from "@plimsoll/api";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { elapsed, formatDuration } from "../output/duration.ts";
import { newestFirst, printList } from "../output/listing.ts";
import { withTable, type Column, type Format } from "../output/output.ts";
import { visible } from "../output/visible.ts";
import { stateOf, withSpark } from "./of-application.ts";

interface ListOptions extends ClusterOptions {
  allNamespaces?: boolean;
  selector?: string;
  output: Format;
}

/** `plimsoll spark [list]`: the applications of a namespace, newest first. */
export function listCommand(): Command {
  return withTable(withCluster(new Command("list").alias("ls")))
    .description("list SparkApplications, newest first")
    .option("-A, --all-namespaces", "of every namespace")
    .option("-l, --selector <labels>", "only those with these labels, as in team=a")
    .addHelpText("after", "\nExamples:\n  plimsoll spark list\n  plimsoll spark list -A -o wide\n  plimsoll spark list -o name")
    .action((options: ListOptions) =>
      withSpark(options, async (client, namespace) => {
        const where = { ...(options.allNamespaces ? {} : { namespace }), ...(options.selector ? { labelSelector: options.selector } : {}) };
        const found: SparkApplication[] = await Array.fromAsync(client("sparkapplications.sparkoperator.k8s.io").list(where));
        printList(found.sort(newestFirst), columns(Date.now()), { ...options, what: "SparkApplications", namespace });
      }),
    );
}

function columns(now: number): Column<SparkApplication>[] {
  const since = (from: string | undefined, to?: string): string => {
    const milliseconds = elapsed(from, to, now);
    return milliseconds === undefined ? "" : formatDuration(milliseconds);
  };
  return [
    { heading: "NAME", cell: ({ metadata }) => metadata.name ?? "" },
    { heading: "STATE", cell: stateOf },
    { heading: "ATTEMPT", cell: ({ status }) => String(status?.executionAttempts ?? 0) },
    { heading: "EXECUTORS", cell: executorsOf },
    { heading: "DURATION", cell: ({ status }) => since(status?.lastSubmissionAttemptTime, status?.terminationTime) },
    { heading: "AGE", cell: ({ metadata }) => since(metadata.creationTimestamp) },
    { heading: "DRIVER", wide: true, cell: ({ status }) => status?.driverInfo?.podName ?? "" },
    { heading: "UI", wide: true, cell: ({ status }) => status?.driverInfo?.webUIAddress ?? "" },
    { heading: "MESSAGE", wide: true, cell: ({ status }) => visible(status?.applicationState?.errorMessage ?? "") },
  ];
}

/** Those that run, of those that there are. */
function executorsOf({ status }: SparkApplication): string {
  const states = Object.values(status?.executorState ?? {});
  const running = states.filter((state) => state === "RUNNING").length;
  return `${running}/${states.length}`;
}
