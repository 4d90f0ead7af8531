import type { Drain } from "@plimsoll/api";
import { count } from "@plimsoll/api/text";
import { isNotFound, type Stored } from "@plimsoll/kube";
import { matches } from "@plimsoll/model";
import { Command } from "commander";
import { withContext } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { Failure, UsageError } from "../failure.ts";
import { formatOne, withObject } from "../output/output.ts";
import { paintFor } from "../output/paint.ts";
import { readFrom } from "../inventory/source.ts";
import { summaries } from "../summaries.ts";
import { clusterOf, readCluster, type ClusterNow } from "./cluster-now.ts";
import { fatesOf, formatFates } from "./dry-run.ts";
import { followDrain } from "./follow.ts";
import { drainOf, nodeName, withDrain, type DrainOptions } from "./options.ts";
import { refusedOn } from "./refused.ts";

/** `plimsoll drain`: moves the pods off nodes, and keeps these cordoned. */
export function drainCommand(): Command {
  return withObject(
    withContext(withDrain(new Command("drain"))),
    "print the Drain: when it is over, with --no-wait as it is made; with --dry-run, as it would be",
  )
    .description(summaries.drain.description)
    .argument("[nodes...]", "the nodes' names", nodeName)
    .addHelpText(
      "after",
      `
Examples:
  plimsoll drain node-7 --dry-run
  plimsoll drain node-7 --dry-run --from cluster.json
  plimsoll drain node-7 --surge --timeout 30m
  plimsoll drain -l pool=batch --wait-for-jobs 2h --max-parallel 3
  plimsoll drain node-7 --timeout 10m --on-timeout delete
  plimsoll undrain node-7

Ctrl-C leaves the Drain going.
Exit codes: 0 every node is drained; 1 not so; 2 there is no such node, or pods would be lost that no option allows to lose: nothing was changed; 130 interrupted.`,
    )
    .action((nodes: string[], options: DrainOptions) => {
      const wanted = drainOf(nodes, options);
      if (options.from !== undefined) return offline(wanted, options.from, options);
      return connected(options, (client) => drain(client, wanted, options));
    });
}

async function drain(client: Client, wanted: Drain, { dryRun, wait, output, selector }: DrainOptions): Promise<void> {
  const nodes = await chosen(client, wanted, selector);
  if (dryRun) return rehearsed(wanted, nodes, await readCluster(client, wanted.spec), Date.now(), output);
  const refused = await refusedOn(client, wanted, nodes);
  if (refused.length > 0) throw new UsageError(`nothing was changed:\n${refused.map((line) => `  ${line}`).join("\n")}`);
  const created = await client("drains.plimsoll.dev").create(wanted);
  const print = (drain: Stored<Drain>): void => void (output && console.log(formatOne(drain, output)));
  if (!wait) {
    if (output) print(created);
    else console.log(`drain.plimsoll.dev/${created.metadata.name} created`);
    return;
  }
  console.error(`drain.plimsoll.dev/${created.metadata.name} created`);
  print(await followDrain(client, created));
}

/** The names of the nodes that are meant. Throws a UsageError where there is none. */
async function chosen(client: Client, { spec }: Drain, selector: string | undefined): Promise<string[]> {
  if (spec.nodes === undefined) {
    const found = await Array.fromAsync(client("nodes").list({ labelSelector: selector }), ({ metadata }) => metadata.name);
    if (found.length === 0) throw noNode(selector);
    return found;
  }
  const missing: string[] = [];
  for (const name of spec.nodes)
    await client("nodes")
      .get({ name })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
        missing.push(name);
      });
  if (missing.length > 0) throw areMissing(missing);
  return spec.nodes;
}

/** Says what would become of each pod of a snapshot. */
async function offline(wanted: Drain, file: string, { dryRun, output, selector, ...options }: DrainOptions): Promise<void> {
  if (!dryRun) throw new UsageError("--from only says what would be done: give --dry-run, too");
  const snapshot = await readFrom(file, options);
  const { nodes } = wanted.spec;
  const missing = nodes?.filter((wanted) => !snapshot.nodes.some(({ name }) => name === wanted)) ?? [];
  if (missing.length > 0) throw areMissing(missing);
  const names = nodes ?? snapshot.nodes.filter(({ labels }) => matches(wanted.spec.selector, labels)).map(({ name }) => name);
  if (names.length === 0) throw noNode(selector);
  return rehearsed(wanted, names, clusterOf(snapshot), Date.parse(snapshot.takenAt), output);
}

function areMissing(names: readonly string[]): UsageError {
  return new UsageError(`there is no node ${names.map((name) => `"${name}"`).join(", ")}: nothing was changed`);
}

function noNode(selector: string | undefined): UsageError {
  return new UsageError(`no node has the labels ${selector ?? ""}: nothing was changed`);
}

/** Says what would become of each pod; fails where some would not go. */
function rehearsed(wanted: Drain, nodes: readonly string[], known: ClusterNow, now: number, output: DrainOptions["output"]): void {
  const fates = fatesOf(wanted, nodes, known, now);
  const stream = output === undefined ? process.stdout : process.stderr;
  for (const line of formatFates(fates, nodes, wanted.spec, now, paintFor(stream))) stream.write(`${line}\n`);
  if (output !== undefined) console.log(formatOne({ ...wanted, metadata: wanted.metadata }, output));
  const kept = fates.filter(({ stays }) => stays).length;
  if (kept > 0) throw new Failure(`${count(kept, "pod")} would not go`);
}
