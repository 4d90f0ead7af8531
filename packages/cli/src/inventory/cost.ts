import { costOf, spentOf, unit, type InventoryBy, type Money, type PriceBook } from "@plimsoll/model";
import { Command } from "commander";
import { formatDuration } from "../output/duration.ts";
import { UsageError } from "../failure.ts";
import { parseSince } from "../permissions/infer/since.ts";
import { summaries } from "../summaries.ts";
import { byHelp, parseBy } from "./by.ts";
import { nowColumns, sinceColumns, type Line, type SinceLine } from "./cost-columns.ts";
import { printRows, sorted, withRows, type PrintOptions } from "./print.ts";
import { readPrices } from "./prices.ts";
import { note, readChosen, withSource, type SourceOptions } from "./source.ts";

interface CostOptions extends SourceOptions, PrintOptions {
  prices?: string;
  by: string;
  since?: string;
}

/** `plimsoll cost`: what a cluster costs, and who. */
export function costCommand(): Command {
  return withRows(withSource(new Command("cost")))
    .description(summaries.cost.description)
    .option("--prices <file>", "the price book, in YAML or JSON (docs/cost.md); - is standard input")
    .option("--by <what>", `a line for each: ${byHelp}`, "namespace")
    .option("--since <time>", "what was paid for since then, as far as the API server knows: 90m, 24h, 7d, 2026-05-01")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll cost --prices examples/prices.yaml
  plimsoll cost --prices prices.yaml --by node --sort-by idle
  plimsoll cost --prices prices.yaml --by run --since 24h -n team-a
  plimsoll cost --prices prices.yaml --by team --from cluster.json -o csv`,
    )
    .action(async (options: CostOptions) => {
      const by = parseBy(options.by);
      if (options.prices === undefined)
        throw new UsageError(
          "what do nodes cost? Name a price book by --prices FILE; examples/prices.yaml is one to begin with, and docs/cost.md says its form",
        );
      if (options.prices === "-" && options.from === "-") throw new UsageError("standard input is either the price book or the snapshot");
      const book = await readPrices(options.prices);
      return options.since === undefined ? showNow(by, book, options) : showSince(by, book, options.since, options);
    });
}

async function showNow(by: InventoryBy, book: PriceBook, options: CostOptions): Promise<void> {
  const { currency } = book;
  sorted<Line>([], nowColumns(by, currency, 0), options.sortBy);
  const { snapshot, hasPod } = await readChosen(options);
  const report = costOf(snapshot, book, { by, ...(hasPod && { only: hasPod }) });
  // What is idle is nobody's: it isn't told beside a part of the pods.
  const isAll = hasPod === undefined;
  const total = isAll ? report.total : report.rows.reduce((all, { cost }) => all + cost, 0);
  const columns = nowColumns(by, currency, total);
  const idle = isAll && by !== "node" ? [{ sum: "(idle)", cost: report.idle }] : [];
  printRows(sorted<Line>(report.rows, columns, options.sortBy), columns, options, {
    data: (rows) => ({
      takenAt: snapshot.takenAt,
      currency,
      per: "hour",
      by: options.by,
      total: total / unit,
      ...(isAll && { idle: report.idle / unit }),
      rows,
      nodesWithoutPrice: report.nodes.flatMap(({ name, perHour }) => (perHour === undefined ? [name] : [])),
    }),
    below: [...idle, { sum: "(total)", cost: total }],
  });
  if (report.rows.length === 0) note(by === "node" ? "there is no such node" : "there is no such pod that hasn't ended");
  noteNodes(report.nodes);
  const silent = report.rows.reduce((all, { unmeasured }) => all + unmeasured, 0);
  if (silent > 0)
    note(`${silent} of the pods ask for neither CPU nor memory, and nobody knows what they use: they are charged with nothing`);
}

async function showSince(by: InventoryBy, book: PriceBook, text: string, options: CostOptions): Promise<void> {
  const { currency } = book;
  if (by === "node") throw new UsageError("--since says what pods have cost: give --by namespace, workload, pipeline, run or a label");
  sorted<SinceLine>([], sinceColumns(by, currency), options.sortBy);
  parseSince(text, Date.now());
  const { snapshot, hasPod, isChosen, hasNamespace } = await readChosen(options);
  const until = Date.parse(snapshot.takenAt);
  const since = parseSince(text, until);
  if (since >= until) throw new UsageError(`--since ${text}: lies after ${snapshot.takenAt}, which is the time that is shown`);
  if (snapshot.history === undefined) throw new UsageError("--since: this snapshot doesn't say when pods ended; take it anew");
  const report = spentOf(snapshot, book, {
    by,
    since,
    until,
    // What labels pods had that are gone, nobody knows.
    ...(hasPod && { only: hasPod, onlyRun: ({ namespace }: { namespace: string }) => isChosen === undefined && hasNamespace(namespace) }),
  });
  const columns = sinceColumns(by, currency);
  const sum = (of: (row: (typeof report.rows)[number]) => Money): Money => report.rows.reduce((all, row) => all + of(row), 0);
  const [cost, atMost] = [sum((row) => row.cost), sum((row) => row.atMost)];
  printRows(sorted<SinceLine>(report.rows, columns, options.sortBy), columns, options, {
    data: (rows) => ({
      since: new Date(since).toISOString(),
      until: snapshot.takenAt,
      currency,
      by: options.by,
      cost: cost / unit,
      atMostOfGonePods: atMost / unit,
      ...(hasPod === undefined && { nodes: report.nodes / unit, unaccounted: report.unaccounted / unit }),
      rows,
    }),
    below: [
      { sum: "(total)", cost, atMost },
      ...(hasPod === undefined ? [{ sum: "(idle, or of pods that are gone)", cost: report.unaccounted }] : []),
    ],
  });
  if (report.rows.length === 0) note("no such pod has run in that time");
  note(
    `the API server knows pods until they are deleted, and of those that are gone only what their run's status says: at most. Of the last ${formatDuration(until - since)} it can't know other pods that are gone, nodes that are gone, nor what a pod without requests used before; docs/cost.md has queries for Prometheus`,
  );
  if (report.elsewhere > 0)
    note(`${report.elsewhere} pods ran on a node that is gone or has no price: they are charged with what nodes cost on average`);
  if (report.endless > 0) note(`of ${report.endless} pods that have ended nobody knows when: they are left out`);
  const unpriced = costOf(snapshot, book, { by: "node" }).nodes;
  noteNodes(unpriced);
}

function noteNodes(nodes: ReturnType<typeof costOf>["nodes"]): void {
  const typesOf = (some: typeof nodes): string =>
    [...Map.groupBy(some, ({ instanceType }) => instanceType || "(no instance type)")]
      .map(([type, of]) => `${type} (${of.length})`)
      .join(", ");
  const told = (some: typeof nodes, text: string): void => {
    if (some.length > 0) note(`${some.length === 1 ? "1 node" : `${some.length} nodes`} ${text}: ${typesOf(some)}`);
  };
  told(
    nodes.filter(({ basis }) => basis === undefined),
    "without a price, which the book neither lists nor has a fallback for; left out",
  );
  told(
    nodes.filter(({ basis }) => basis === "fallback"),
    "that the book doesn't list, reckoned by its fallback",
  );
  told(
    nodes.filter(({ isSpot, isDiscounted, basis }) => basis !== undefined && isSpot && !isDiscounted),
    "of spot capacity, at the full price: the book has no spot factor",
  );
}
