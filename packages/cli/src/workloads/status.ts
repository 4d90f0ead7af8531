import { findCondition, type WorkloadSet } from "@plimsoll/api";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { printList } from "../output/listing.ts";
import { formatOne, withTable, type Column, type Format } from "../output/output.ts";
import { paintFor, type Paint } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";
import { setName, withSet } from "./of-set.ts";

interface StatusOptions extends ClusterOptions {
  allNamespaces?: boolean;
  output: Format;
}

/** `plimsoll workloads [status]`: the sets of a namespace, or one with its objects. */
export function statusCommand(): Command {
  return withTable(withCluster(new Command("status").alias("list").alias("ls")))
    .description("list workload sets, or show how one stands, with each of its objects")
    .argument("[set]", "the set's name", setName)
    .option("-A, --all-namespaces", "of every namespace")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll workloads\n  plimsoll workloads -A -o wide\n  plimsoll workloads status web\n  plimsoll workloads status web -o yaml",
    )
    .action((name: string | undefined, options: StatusOptions) =>
      connected(options, async (client, namespace) => {
        const { output } = options;
        if (name !== undefined) {
          const set = await withSet(name, namespace, client("workloadsets.plimsoll.dev").get({ namespace, name }));
          return console.log(output === "table" || output === "wide" ? formatSet(set, paintFor(process.stdout)) : formatOne(set, output));
        }
        const sets = await Array.fromAsync(client("workloadsets.plimsoll.dev").list(options.allNamespaces ? {} : { namespace }));
        printList(sets, columns(), { ...options, what: "workload sets", namespace });
      }),
    );
}

function columns(): Column<WorkloadSet>[] {
  const status =
    (type: string) =>
    (set: WorkloadSet): string =>
      findCondition(set.status, type)?.status ?? "";
  return [
    { heading: "NAME", cell: ({ metadata }) => metadata.name ?? "" },
    { heading: "OBJECTS", cell: ({ status }) => status?.progress ?? "" },
    { heading: "APPLIED", cell: status("Applied") },
    { heading: "HEALTHY", cell: status("Healthy") },
    { heading: "DRIFTED", cell: status("Drifted") },
    { heading: "SUSPENDED", cell: ({ spec }) => (spec.suspend ? "yes" : "") },
    { heading: "MESSAGE", wide: true, cell: ({ status }) => status?.message ?? "" },
  ];
}

const colours = { Healthy: "green", Succeeded: "green", Progressing: "yellow", Failed: "red" } as const;

/** One set with its conditions and its objects. */
function formatSet({ metadata, spec, status }: WorkloadSet, paint: Paint): string {
  if (status === undefined)
    return `${metadata.name}: nobody has looked at it: the feature workloads must be enabled, and work in namespace "${metadata.namespace}"`;
  const isBehind = (status.observedGeneration ?? 0) < (metadata.generation ?? 0);
  const conditions = (status.conditions ?? []).map(({ type, status, reason, message }) => [
    type,
    painted(type, status, paint),
    reason,
    message,
  ]);
  const objects = (status.inventory ?? []).map(({ kind, name, health, uid, message = "" }) => {
    const state = uid === undefined ? "being applied" : (health ?? "");
    return [`${kind}/${name}`, health === undefined || uid === undefined ? state : paint(colours[health], state), message];
  });
  return [
    `${metadata.name}   ${status.progress ?? ""} objects are as it says${spec.suspend ? paint("yellow", "   suspended") : ""}${isBehind ? paint("yellow", "   its last change hasn't been looked at yet") : ""}`,
    formatTable(["CONDITION", "STATUS", "REASON", "MESSAGE"], conditions),
    ...(objects.length > 0 ? [formatTable(["OBJECT", "HEALTH", "MESSAGE"], objects)] : []),
  ].join("\n\n");
}

function painted(type: string, status: "True" | "False" | "Unknown", paint: Paint): string {
  if (status === "Unknown") return status;
  return paint((status === "True") === (type !== "Drifted") ? "green" : "red", status);
}
