import type { Stored } from "@plimsoll/kube";
import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { elapsed, formatDuration } from "../output/duration.ts";
import { printList } from "../output/listing.ts";
import { withTable, type Column, type Format } from "../output/output.ts";
import { visible } from "../output/visible.ts";
import { environmentsOf, type Environment } from "./environments.ts";

interface ListOptions extends ClusterOptions {
  allNamespaces?: boolean;
  output: Format;
}

/** `plimsoll bigdata [list]`: the environments, by name. */
export function listCommand(): Command {
  return withTable(withCluster(new Command("list").alias("ls")))
    .description("list BigDataEnvironments: whether they are active, whether they are to be purged, their state and components")
    .option("-A, --all-namespaces", "of every namespace")
    .addHelpText("after", "\nExamples:\n  plimsoll bigdata list -n spot-system\n  plimsoll bigdata list -A -o json | jq .items[].spec")
    .action((options: ListOptions) =>
      connected(options, async (_, namespace, transport) => {
        const { allNamespaces = false, output } = options;
        const environments = await environmentsOf(transport, namespace);
        const found = await environments.list(allNamespaces);
        printList(found, columns(Date.now()), { what: "BigDataEnvironments", namespace, allNamespaces, output });
      }),
    );
}

function columns(now: number): Column<Stored<Environment>>[] {
  return [
    { heading: "NAME", cell: ({ metadata }) => metadata.name },
    { heading: "ACTIVE", cell: (one) => fieldOf(one, "active") },
    { heading: "PURGE", cell: (one) => fieldOf(one, "purge") },
    { heading: "STATE", cell: (one) => fieldOf(one, "state") },
    { heading: "AGE", cell: ({ metadata }) => formatDuration(elapsed(metadata.creationTimestamp, undefined, now) ?? 0) },
    { heading: "COMPONENTS", wide: true, cell: (one) => fieldOf(one, "components") },
  ];
}

/** What the spec says or else, where it is the operator who says it, the status; lists by their names. */
export function fieldOf({ spec, status }: Environment, field: string): string {
  const value = spec?.[field] ?? status?.[field];
  if (value === undefined || value === null) return "";
  if (!Array.isArray(value)) return visible(typeof value === "object" ? Object.keys(value).join(",") : String(value));
  return visible(value.map((one: unknown) => nameIn(one)).join(","));
}

function nameIn(one: unknown): string {
  if (typeof one !== "object" || one === null) return String(one);
  return "name" in one ? String(one.name) : JSON.stringify(one);
}
