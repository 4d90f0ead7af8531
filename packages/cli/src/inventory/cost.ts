import {
  costOf,
  spentOf,
  unit,
  type CostReport,
  type CostRow,
  type InventoryBy,
  type Money,
  type Snapshot,
  type SpentReport,
  type SpentRow,
} from "@plimsoll/model";
import { Command } from "commander";
import { formatDuration } from "../duration.ts";
import { paintFor } from "../paint.ts";
import { parseSince } from "../permissions/since.ts";
import { headingOf, nameOf, parseBy } from "./by.ts";
import { printFigures, withFigures, type Column, type FigureFormat } from "./output.ts";
import { assumed, readPrices } from "./prices.ts";
import { sourceOf, withSource, type SourceOptions } from "./source.ts";

interface CostOptions extends SourceOptions {
  prices?: string;
  by: string;
  since?: string;
  output: FigureFormat;
}

/** `plimsoll cost`: what a cluster costs, and who. */
export function costCommand(): Command {
  return withFigures(withSource(new Command("cost")))
    .description("what a cluster costs an hour, or has cost since a time: by namespace, workload, node, pipeline, run or label")
    .option("--prices <file>", "a price book (docs/cost.md); without it, rates a core, GiB and GPU")
    .option("--by <what>", "namespace, workload, node, pipeline, run, or a label's key", "namespace")
    .option(
      "--since <time|duration>",
      "what was paid for since a time (2026-05-01) or for the last while (90m, 24h, 7d), of what the API server still knows",
    )
    .addHelpText(
      "after",
      "\nA pod is charged with what it asks for; of what it doesn't ask for, with what it uses. What nobody is charged with is idle.\n\nExamples:\n  plimsoll cost --prices examples/prices.yaml\n  plimsoll cost --by pipeline --since 24h\n  plimsoll cost --by team -o csv > teams.csv",
    )
    .action(async (options: CostOptions) => {
      const by = parseBy(options.by);
      const now = Date.now();
      const since = options.since === undefined ? undefined : parseSince(options.since, now);
      const book = options.prices === undefined ? assumed : await readPrices(options.prices);
      const snapshot = await sourceOf(options);
      if (options.prices === undefined)
        console.error("note: no price book is given (--prices): nodes are taken at rates a core, GiB and GPU, in USD");
      if (since === undefined) printCosts(costOf(snapshot, book, { by }), by, options.output);
      else printSpent(spentOf(snapshot, book, { by, since, until: untilOf(snapshot, options, now) }), by, options.output);
    });
}

/** A snapshot knows nothing of what came after it. */
function untilOf({ takenAt }: Snapshot, { from }: CostOptions, now: number): number {
  return from === undefined ? now : Date.parse(takenAt);
}

function printCosts(report: CostReport, by: InventoryBy, format: FigureFormat): void {
  const { currency, total, idle, nodes } = report;
  const rows = report.rows.toSorted((a, b) => b.cost - a.cost);
  const percent = (part: Money, of: Money): string => (of === 0 ? "" : `${Math.round((100 * part) / of)}%`);
  const columns: Column<CostRow>[] = [
    { heading: headingOf(by), cell: (row) => nameOf(row, by) },
    { heading: "PODS", cell: ({ pods }) => String(pods) },
    { heading: `${currency}/HOUR`, cell: ({ cost }) => money(cost) },
    { heading: `${currency}/30 DAYS`, cell: ({ cost }) => money(cost * 720) },
    { heading: "SHARE", cell: ({ cost }) => percent(cost, total) },
    { heading: "USED", cell: ({ used, measured }) => (measured === 0 ? "" : percent(used, measured)) },
    ...(by === "node" ? [{ heading: "IDLE", cell: ({ idle }: CostRow) => money(idle) }] : []),
    { heading: "CPU", wide: true, cell: ({ ofCpu }) => money(ofCpu) },
    { heading: "MEMORY", wide: true, cell: ({ ofMemory }) => money(ofMemory) },
    { heading: "GPU", wide: true, cell: ({ ofGpu }) => money(ofGpu) },
    { heading: "NO REQUEST", cell: ({ without }) => (without === 0 ? "" : String(without)) },
    { heading: "PENDING", wide: true, cell: ({ pending }) => String(pending) },
  ];
  printFigures(format, {
    rows,
    columns,
    data: ({ cost, ofCpu, ofMemory, ofGpu, idle, used, measured, name, ...row }) => ({
      ...row,
      name: name ?? null,
      perHour: cost / unit,
      ofCpu: ofCpu / unit,
      ofMemory: ofMemory / unit,
      ofGpu: ofGpu / unit,
      idle: idle / unit,
      used: used / unit,
      measured: measured / unit,
    }),
    whole: { currency, perHour: total / unit, idlePerHour: idle / unit },
  });
  if (format !== "table" && format !== "wide") return;
  const paint = paintFor(process.stdout);
  console.log(paint("dim", `idle  ${money(idle)} ${currency} an hour (${percent(idle, total) || "0%"})`));
  console.log(paint("bold", `all   ${money(total)} ${currency} an hour, ${money(total * 720)} in 30 days`));
  tellUnknown(nodes);
}

function tellUnknown(nodes: CostReport["nodes"]): void {
  const unpriced = nodes.filter(({ perHour }) => perHour === undefined);
  const types = (of: typeof nodes): string =>
    [...new Set(of.map(({ instanceType }) => instanceType || "no instance type"))].sort().join(", ");
  if (unpriced.length > 0)
    console.error(`note: ${unpriced.length} nodes have no price, and are in no sum (${types(unpriced)}): add them to the price book`);
  const reckoned = nodes.filter(({ basis, instanceType }) => basis === "fallback" && instanceType !== "");
  if (reckoned.length > 0)
    console.error(`note: ${reckoned.length} nodes aren't in the price book, and are reckoned by its fallback (${types(reckoned)})`);
  const dear = nodes.filter(({ isSpot, isDiscounted }) => isSpot && !isDiscounted).length;
  if (dear > 0) console.error(`note: ${dear} spot nodes are taken at the full price: give spot in the price book`);
}

function printSpent(report: SpentReport, by: InventoryBy, format: FigureFormat): void {
  const { currency, since, until, nodes, unaccounted, elsewhere, endless } = report;
  const rows = report.rows.toSorted((a, b) => b.cost + b.atMost - (a.cost + a.atMost));
  const columns: Column<SpentRow>[] = [
    { heading: headingOf(by), cell: (row) => nameOf(row, by) },
    { heading: "PODS", cell: ({ pods }) => String(pods) },
    { heading: "RAN", cell: ({ seconds }) => formatDuration(seconds * 1000) },
    { heading: currency, cell: ({ cost }) => money(cost) },
    { heading: "GONE, AT MOST", cell: ({ atMost }) => (atMost === 0 ? "" : money(atMost)) },
    { heading: "NO REQUEST", cell: ({ without }) => (without === 0 ? "" : String(without)) },
  ];
  printFigures(format, {
    rows,
    columns,
    data: ({ cost, atMost, name, ...row }) => ({ ...row, name: name ?? null, cost: cost / unit, atMost: atMost / unit }),
    whole: {
      currency,
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
      nodes: nodes / unit,
      unaccounted: unaccounted / unit,
    },
  });
  if (format !== "table" && format !== "wide") return;
  const paint = paintFor(process.stdout);
  console.log(
    paint(
      "dim",
      `the nodes that are there cost ${money(nodes)} ${currency} in ${formatDuration(until - since)}; ${money(unaccounted)} were idle, or went to pods that are gone`,
    ),
  );
  if (elsewhere > 0)
    console.error(`note: the nodes of ${elsewhere} pods are gone or have no price: these pods are charged as nodes cost on average`);
  if (endless > 0) console.error(`note: of ${endless} pods nobody knows when they ended: they are left out`);
}

/** Of billionths, as in `0.0412` and `1,204.50`. */
function money(amount: Money): string {
  const units = amount / unit;
  return units.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: Math.abs(units) < 10 ? 4 : 2 });
}
