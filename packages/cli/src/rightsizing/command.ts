import { findCondition, type RightSizingPolicy } from "@plimsoll/api";
import { isForbidden } from "@plimsoll/kube";
import { nodeOf, ratesOf, unit, type NodeView, type PriceBook, type Rates } from "@plimsoll/model";
import { Command, Option } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { Failure } from "../failure.ts";
import { readPrices } from "../inventory/prices.ts";
import { printRows, sorted, withRows, type PrintOptions } from "../inventory/print.ts";
import { note } from "../inventory/source.ts";
import { paintFor } from "../output/paint.ts";
import { summaries } from "../summaries.ts";
import { columnsOf, type Line, type Sum } from "./columns.ts";
import { bys, rowsOf, type By, type SizeRow } from "./rows.ts";

interface Options extends ClusterOptions, PrintOptions {
  allNamespaces?: boolean;
  by: By;
  prices?: string;
}

/** `plimsoll rightsizing`: what containers should ask for, and what that saves. */
export function rightsizingCommand(): Command {
  return withRows(withCluster(new Command("rightsizing")))
    .description(summaries.rightsizing.description)
    .option("-A, --all-namespaces", "of every namespace")
    .addOption(new Option("--by <what>", "a line for each").choices(bys).default("container"))
    .option("--prices <file>", "also what it would save in money, by a price book (docs/cost.md); - is standard input")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll rightsizing
  plimsoll rightsizing -A --by namespace --prices prices.yaml
  plimsoll rightsizing -n team-a --by workload --sort-by memory_saved
  plimsoll rightsizing -A -o json | jq '.rows[] | select(.reason == "NoSamples")'`,
    )
    .action(async (options: Options) => {
      const paint = paintFor(process.stdout);
      sorted<Line>([], columnsOf(options.by, "", paint), options.sortBy);
      const book = options.prices === undefined ? undefined : await readPrices(options.prices);
      await connected(options, async (client, own) => {
        const namespace = options.allNamespaces ? undefined : own;
        const policies = await Array.fromAsync(client("rightsizingpolicies.plimsoll.dev").list({ namespace }));
        const rates = book && (await readRates(client, book));
        const rows = rowsOf(policies, options.by, rates);
        if (rows.length === 0 && (options.output === "table" || options.output === "wide")) console.error(emptiness(policies, namespace));
        else print(rows, options, book?.currency);
        tellOf(policies);
      });
    });
}

function print(rows: SizeRow[], options: Options, currency: string | undefined): void {
  const { by, sortBy } = options;
  const columns = columnsOf(by, currency, paintFor(process.stdout));
  const sumOf = (read: (row: SizeRow) => number): number => rows.reduce((all, row) => all + read(row), 0);
  const total: Sum = {
    sum: "(total)",
    cpuSaved: sumOf(({ cpuSaved }) => cpuSaved),
    memorySaved: sumOf(({ memorySaved }) => memorySaved),
    saved: currency === undefined ? undefined : sumOf(({ saved = 0 }) => saved),
  };
  printRows(sorted<Line>(rows, columns, sortBy), columns, options, {
    data: (rows) => ({
      by,
      cpuSaved: total.cpuSaved / 1_000,
      memorySaved: total.memorySaved,
      ...(currency !== undefined && { currency, savedPerHour: (total.saved ?? 0) / unit }),
      rows,
    }),
    below: rows.length > 1 ? [total] : [],
  });
}

/** What a core and a GiB cost by the nodes that there are. Where they may not be seen, the book's fallback is as good as it gets. */
async function readRates(client: Client, book: PriceBook): Promise<Rates> {
  let nodes: NodeView[] = [];
  try {
    for await (const node of client("nodes").list()) nodes.push(nodeOf(node));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    nodes = [];
    if (book.fallback === undefined)
      throw new Failure(`you may not list nodes, whose prices would be asked for, and the price book has no fallback (${error.message})`);
    note("you may not list nodes: money is reckoned by the price book's fallback");
    return { cpu: book.fallback.cpu * unit, memory: book.fallback.memory * unit };
  }
  const rates = ratesOf(nodes, book);
  if (rates === undefined)
    throw new Failure("no node has a price by this book: list the nodes' instance types or labels, or give it a fallback (docs/cost.md)");
  return rates;
}

function emptiness(policies: readonly RightSizingPolicy[], namespace: string | undefined): string {
  const where = namespace === undefined ? "" : ` in namespace "${namespace}"`;
  return policies.length === 0
    ? `No RightSizingPolicies found${where}: docs/rightsizing.md has one to begin with.`
    : `The RightSizingPolicies found${where} have chosen no pod yet.`;
}

/** What is amiss with policies, once for each. */
function tellOf(policies: readonly RightSizingPolicy[]): void {
  for (const { metadata, spec, status } of policies) {
    const title = `RightSizingPolicy ${metadata.namespace}/${metadata.name}`;
    if (status === undefined) note(`${title}: nobody has looked at it: the feature rightsizing must be enabled, and work in its namespace`);
    for (const type of ["Valid", "MetricsAvailable"]) {
      const condition = findCondition(status, type);
      if (condition?.status === "False" || condition?.reason === "Odd") note(`${title}: ${condition.message}`);
    }
    const { mode = "recommend" } = spec;
    const applying = findCondition(status, "Applying");
    const isSaid = applying?.message === findCondition(status, "Valid")?.message;
    if ((mode !== "recommend" || applying?.reason === "Invalid") && applying?.status === "False" && !isSaid)
      note(`${title}: not all is applied: ${applying.message}`);
    if (status !== undefined && mode !== "recommend" && applying === undefined)
      note(`${title}: its mode ${mode} does nothing yet: the feature resizing must be enabled, and work in its namespace`);
    if (status?.omitted) note(`${title}: ${status.omitted} containers more have no place in it: make a second policy for some of them`);
    if (status?.unkept)
      note(
        `${title}: it has no room for what is known of ${status.unkept} containers, which a restart loses: make a second policy for some of them`,
      );
  }
}
