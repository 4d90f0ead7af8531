import { inventoryOf, type Amounts, type InventoryBy, type InventoryRow } from "@plimsoll/model";
import { Command, Option } from "commander";
import { UsageError } from "../failure.ts";
import { paintFor, type Paint } from "../paint.ts";
import { amount, bytes, cores, share } from "./amounts.ts";
import { headingOf, nameOf, parseBy } from "./by.ts";
import { printFigures, withFigures, type Column, type FigureFormat } from "./output.ts";
import { sourceOf, withSource, type SourceOptions } from "./source.ts";

interface InventoryOptions extends SourceOptions {
  by?: string;
  sortBy: "name" | "pods" | "cpu" | "memory";
  snapshot?: boolean;
  output: FigureFormat;
}

/** `plimsoll inventory`: what there is in a cluster, is asked for and is used. */
export function inventoryCommand(): Command {
  return withFigures(withSource(new Command("inventory")))
    .description("what nodes have, what pods ask for and what is used: by node, namespace, workload, pipeline, run or label")
    .argument("[what]", "nodes, namespaces, workloads, pipelines or runs", "nodes")
    .option("--by <label>", "by the values of a label of the pods, as in team")
    .addOption(new Option("--sort-by <column>", "what comes first").choices(["name", "pods", "cpu", "memory"]).default("name"))
    .option("--custom <resource...>", "custom resources that the snapshot counts, as in rayclusters.v1.ray.io")
    .option("--snapshot", "print the whole as JSON, which --from reads, and planners do")
    .addHelpText(
      "after",
      "\nRequests are those that the scheduler counts. -n looks at one namespace, for which its rights suffice.\n\nExamples:\n  plimsoll inventory\n  plimsoll inventory workloads -n team-a --sort-by cpu\n  plimsoll inventory --by team -o csv > teams.csv\n  plimsoll inventory --snapshot > cluster.json\n  plimsoll inventory namespaces --from cluster.json",
    )
    .action(async (what: string, options: InventoryOptions) => {
      const by = byOf(what, options);
      const snapshot = await sourceOf(options);
      if (options.snapshot) return console.log(JSON.stringify(snapshot));
      const rows = inventoryOf(snapshot, { by });
      sort(rows, options.sortBy);
      if (rows.length === 0 && options.output !== "json" && options.output !== "yaml") return console.error("No pods found.");
      printFigures(options.output, {
        rows,
        columns: columnsOf(by, rows, paintFor(process.stdout)),
        data: dataOf,
        whole: { takenAt: snapshot.takenAt, by: typeof by === "object" ? `label:${by.label}` : by },
      });
    });
}

function byOf(what: string, { by }: InventoryOptions): InventoryBy {
  if (by !== undefined && what !== "nodes") throw new UsageError(`${what}: give either this or --by ${by}`);
  if (by === undefined && !/^(node|namespace|workload|pipeline|run)s?$/.test(what))
    throw new UsageError(`${what}: there are nodes, namespaces, workloads, pipelines and runs; for a label, give --by ${what}`);
  return parseBy(by ?? what);
}

function sort(rows: InventoryRow[], by: InventoryOptions["sortBy"]): void {
  if (by === "name") return;
  rows.sort((a, b) => (by === "pods" ? b.pods - a.pods : (b.requested[by] ?? 0) - (a.requested[by] ?? 0)));
}

function columnsOf(by: InventoryBy, rows: readonly InventoryRow[], paint: Paint): Column<InventoryRow>[] {
  const requested = (name: string, format: (value: number) => string) => (row: InventoryRow) =>
    share(row.requested[name] ?? 0, row.allocatable?.[name], format, paint);
  const isMeasured = rows.some(({ used }) => used !== undefined);
  const others = [
    ...new Set(rows.flatMap(({ requested, allocatable = {} }) => [...Object.keys(requested), ...Object.keys(allocatable)])),
  ].filter((name) => !["cpu", "memory", "pods"].includes(name) && !name.startsWith("hugepages-"));
  return [
    { heading: headingOf(by), cell: (row) => nameOf(row, by) },
    {
      heading: "PODS",
      cell: ({ pods, allocatable }) => (allocatable?.["pods"] === undefined ? String(pods) : `${pods}/${allocatable["pods"]}`),
    },
    { heading: "CPU", cell: requested("cpu", cores) },
    { heading: "MEMORY", cell: requested("memory", bytes) },
    ...(isMeasured
      ? [
          { heading: "CPU USED", cell: ({ used }: InventoryRow) => amount(used, "cpu") },
          { heading: "MEMORY USED", cell: ({ used }: InventoryRow) => amount(used, "memory") },
        ]
      : []),
    ...others.map((name) => ({
      heading: name.toUpperCase(),
      wide: !name.endsWith("/gpu"),
      cell: ({ requested, allocatable }: InventoryRow) =>
        allocatable?.[name] === undefined ? amount(requested, name) : `${amount(requested, name) || "0"}/${amount(allocatable, name)}`,
    })),
    { heading: "PENDING", wide: true, cell: ({ pending }) => String(pending) },
    {
      heading: "NO REQUEST",
      cell: ({ without }) => (without.cpu + without.memory === 0 ? "" : `${without.cpu} cpu, ${without.memory} memory`),
    },
  ];
}

function dataOf({ name, namespace, kind, pods, pending, without, requested, allocatable, used, measured }: InventoryRow) {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(kind === undefined ? {} : { kind }),
    name: name ?? null,
    pods,
    pending,
    measured,
    without,
    requested,
    ...(allocatable === undefined ? {} : { allocatable }),
    ...(used === undefined ? {} : { used: used satisfies Amounts }),
  };
}
