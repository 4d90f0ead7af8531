import {
  inventoryOf,
  gpusIn,
  priceOf,
  priceBook,
  priceBookVersion,
  type Amounts,
  type InventoryBy,
  type InventoryRow,
  type NodeView,
  type Snapshot,
} from "@plimsoll/model";
import { Argument, Command } from "commander";
import { formatDuration } from "../output/duration.ts";
import { UsageError } from "../failure.ts";
import { paintFor, type Paint } from "../output/paint.ts";
import { summaries } from "../summaries.ts";
import { visible } from "../output/visible.ts";
import { countCustom, customColumns } from "./custom.ts";
import { byHelp, headingOf, isNamespaced, parseBy } from "./by.ts";
import { printRows, sorted, withRows, type Column, type PrintOptions } from "./print.ts";
import { note, readChosen, readFrom, reading, withSource, type SourceOptions } from "./source.ts";
import { formatBytes, formatCpu, formatShare } from "./units.ts";

interface InventoryOptions extends SourceOptions, PrintOptions {
  by?: string;
  snapshot?: boolean;
}

/** What the command shows, and by what. */
const views = { nodes: "node", namespaces: "namespace", workloads: "workload" } as const;

/** What is counted, and asks for nothing. */
const customView = "custom";

/** What may stand behind `plimsoll inventory`. */
export const shown = [...Object.keys(views), customView];

/** `plimsoll inventory`: what there is in a cluster, what is asked for, and what is used. */
export function inventoryCommand(): Command {
  return withRows(withSource(new Command("inventory")))
    .description(summaries.inventory.description)
    .addArgument(new Argument("[view]", "what to show (default: nodes)").choices(shown))
    .option("--by <what>", `a line for each: ${byHelp}`)
    .option("--snapshot", "print the cluster as planners see it, as JSON, for --from")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll inventory
  plimsoll inventory workloads -n team-a --sort-by memory_requested
  plimsoll inventory --by team -o csv
  plimsoll inventory custom
  plimsoll inventory --snapshot > cluster.json && plimsoll inventory namespaces --from cluster.json`,
    )
    .action(async (view: keyof typeof views | typeof customView | undefined, options: InventoryOptions) => {
      if (view !== undefined && options.by !== undefined) throw new UsageError(`give either ${view} or --by ${options.by}`);
      if (options.snapshot) return printSnapshot(view, options);
      if (view === customView) return showCustom(options);
      const by = options.by === undefined ? views[view ?? "nodes"] : parseBy(options.by);
      if (by === "node" && options.namespace !== undefined && !options.allNamespaces)
        throw new UsageError("nodes are in no namespace: leave -n out, or say what to show, as in plimsoll inventory workloads");
      return show(by, options);
    });
}

async function printSnapshot(view: string | undefined, options: InventoryOptions): Promise<void> {
  const others = { view, "--by": options.by, "-n": options.namespace, "-l": options.selector, "--sort-by": options.sortBy };
  for (const [name, value] of Object.entries(others))
    if (value !== undefined)
      throw new UsageError(`--snapshot is of the whole cluster, as JSON: leave ${name === "view" ? value : name} out`);
  const { snapshot } = await readChosen(options, { isWhole: true });
  process.stdout.write(`${JSON.stringify(snapshot)}\n`);
}

async function showCustom(options: InventoryOptions): Promise<void> {
  if (options.selector !== undefined) throw new UsageError("-l is of pods and nodes: custom resources are counted whole, so leave it out");
  sorted([], customColumns, options.sortBy);
  const namespace = options.allNamespaces ? undefined : options.namespace;
  const { custom, takenAt } = await counted(namespace, options);
  const rows = custom.filter((one) => namespace === undefined || one.namespace === namespace);
  if (rows.length === 0 && (options.output === "table" || options.output === "wide"))
    return note("there is no object of a custom resource");
  printRows(sorted(rows, customColumns, options.sortBy), customColumns, options, { data: (rows) => ({ takenAt, by: "custom", rows }) });
}

async function counted(namespace: string | undefined, options: InventoryOptions): Promise<Pick<Snapshot, "custom" | "takenAt">> {
  if (options.from !== undefined) return readFrom(options.from, options);
  const takenAt = new Date().toISOString();
  const { counts } = await reading(options, (transport, telling) => countCustom(transport, { namespace, ...telling }));
  return { custom: counts, takenAt };
}

async function show(by: InventoryBy, options: InventoryOptions): Promise<void> {
  const columns = columnsOf(by, new Map(), Date.now(), paintFor(process.stdout));
  sorted([], columns, options.sortBy);
  const { snapshot, isChosen, hasPod } = await readChosen(options);
  const nodes = by === "node" && isChosen ? snapshot.nodes.filter(({ labels }) => isChosen(labels)) : snapshot.nodes;
  const names = new Set(nodes.map(({ name }) => name));
  const pods =
    by === "node"
      ? snapshot.pods.filter(({ node }) => (node === undefined ? isChosen === undefined : names.has(node)))
      : snapshot.pods.filter(hasPod ?? (() => true));
  const rows = inventoryOf({ ...snapshot, nodes, pods }, { by });
  const full = columnsOf(by, new Map(nodes.map((node) => [node.name, node])), Date.parse(snapshot.takenAt), paintFor(process.stdout));
  if (rows.length === 0 && (options.output === "table" || options.output === "wide"))
    return note(by === "node" ? "there is no such node" : "there is no such pod that hasn't ended");
  printRows(sorted(rows, full, options.sortBy), full, options, {
    data: (rows) => ({ takenAt: snapshot.takenAt, by: typeof by === "string" ? by : by.label, rows }),
  });
}

function columnsOf(by: InventoryBy, nodes: ReadonlyMap<string, NodeView>, now: number, paint: Paint): Column<InventoryRow>[] {
  const nodeOf = ({ name = "" }: InventoryRow): NodeView | undefined => nodes.get(name);
  const none = by === "node" ? "(no node)" : "(none)";
  const place: Column<InventoryRow>[] = [
    ...(isNamespaced(by) ? [{ key: "namespace", heading: "NAMESPACE", value: ({ namespace }: InventoryRow) => namespace }] : []),
    ...(by === "workload" ? [{ key: "kind", heading: "KIND", value: ({ kind }: InventoryRow) => kind }] : []),
    {
      key: "name",
      heading: headingOf(by),
      value: ({ name }) => name,
      cell: ({ name }) => (name === undefined ? none : visible(name || "(inline)")),
    },
  ];
  if (by === "node")
    return [
      ...place,
      {
        key: "pods",
        heading: "PODS",
        value: ({ pods }) => pods,
        cell: (row) => [row.pods, row.allocatable?.["pods"]].filter((n) => n !== undefined).join("/"),
      },
      ...ofResource("cpu", "CPU", formatCpu, paint, true),
      ...ofResource("memory", "MEMORY", formatBytes, paint, true),
      ...gpuColumns(true),
      { key: "pods_without_requests", heading: "NO REQUESTS", wide: true, value: ({ without }) => without.either },
      { key: "ready", heading: "READY", wide: true, value: (row) => nodeOf(row)?.ready.status },
      { key: "cordoned", heading: "CORDONED", wide: true, value: (row) => nodeOf(row) && String(nodeOf(row)?.isUnschedulable) },
      { key: "instance_type", heading: "TYPE", wide: true, value: (row) => kindOf(nodeOf(row))?.instanceType },
      { key: "spot", heading: "SPOT", wide: true, value: (row) => nodeOf(row) && String(kindOf(nodeOf(row))?.isSpot) },
      { key: "zone", heading: "ZONE", wide: true, value: (row) => nodeOf(row)?.labels["topology.kubernetes.io/zone"] },
      {
        key: "age_seconds",
        heading: "AGE",
        wide: true,
        value: (row) => ageOf(nodeOf(row), now),
        cell: (row) => (nodeOf(row) === undefined ? "" : formatDuration((ageOf(nodeOf(row), now) ?? 0) * 1_000)),
      },
    ];
  return [
    ...place,
    { key: "pods", heading: "PODS", value: ({ pods }) => pods },
    { key: "pending", heading: "PENDING", value: ({ pending }) => pending },
    ...ofResource("cpu", "CPU", formatCpu, paint, false),
    ...ofResource("memory", "MEMORY", formatBytes, paint, false),
    ...gpuColumns(false),
    { key: "pods_without_requests", heading: "NO REQUESTS", value: ({ without }) => without.either },
    { key: "pods_measured", heading: "MEASURED", wide: true, value: ({ measured }) => measured },
  ];
}

/** What is asked for and used of CPU or memory: of nodes with what there is, as parts of it. */
function ofResource(
  name: "cpu" | "memory",
  heading: string,
  format: (amount: number | undefined) => string,
  paint: Paint,
  ofNode: boolean,
): Column<InventoryRow>[] {
  const units = (amount: number | undefined): number | undefined => (amount === undefined || name === "memory" ? amount : amount / 1_000);
  const shared = (part: number | undefined, whole: number | undefined): string => {
    const share = formatShare(part, whole);
    const [amount, text] = [format(part), share === "" ? "" : `${colored(share, (part ?? 0) / (whole ?? 1), paint)}`];
    return text === "" ? amount : `${amount.padEnd(6)} ${text}`;
  };
  const requested = ({ requested }: InventoryRow): number => requested[name] ?? 0;
  return [
    ...(ofNode
      ? [
          {
            key: `${name}_allocatable`,
            heading,
            value: (row: InventoryRow) => units(row.allocatable?.[name]),
            cell: (row: InventoryRow) => format(row.allocatable?.[name]),
          },
        ]
      : []),
    {
      key: `${name}_requested`,
      heading: ofNode ? "REQUESTED" : `${heading} REQUESTED`,
      value: (row) => units(requested(row)),
      cell: (row) => shared(requested(row), row.allocatable?.[name]),
    },
    {
      key: `${name}_used`,
      heading: ofNode ? "USED" : `${heading} USED`,
      value: (row) => units(row.used?.[name]),
      cell: (row) =>
        row.used === undefined ? "-" : shared(row.used[name] ?? 0, row.allocatable?.[name] ?? (row.requested[name] || undefined)),
    },
  ];
}

function gpuColumns(ofNode: boolean): Column<InventoryRow>[] {
  const of = (amounts: Amounts | undefined): number | undefined => (amounts === undefined ? undefined : gpusIn(amounts));
  return [
    ...(ofNode ? [{ key: "gpu_allocatable", value: ({ allocatable }: InventoryRow) => of(allocatable) }] : []),
    {
      key: "gpu_requested",
      heading: "GPU",
      value: ({ requested }) => of(requested),
      cell: ({ requested, allocatable }) =>
        of(requested) || of(allocatable) ? [of(requested), of(allocatable)].filter((n) => n !== undefined).join("/") : "",
    },
  ];
}

function colored(text: string, share: number, paint: Paint): string {
  return share >= 0.9 ? paint("red", text) : share >= 0.75 ? paint("yellow", text) : text;
}

const noPrices = priceBook.parse({ version: priceBookVersion });

function kindOf(node: NodeView | undefined) {
  return node && priceOf(node, noPrices);
}

function ageOf(node: NodeView | undefined, now: number): number | undefined {
  return node && Math.round((now - node.createdAt) / 1_000);
}
