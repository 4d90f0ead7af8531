import type { Drain } from "@plimsoll/api";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { ClusterOptions } from "../connect/cluster-options.ts";
import type { ObjectFormat } from "../output/output.ts";
import { durationOption } from "../output/duration.ts";
import { UsageError } from "../failure.ts";
import { parseSelector } from "../connect/label-selector.ts";

/** How `plimsoll drain` is asked to drain. */
export interface DrainOptions extends ClusterOptions {
  selector?: string;
  maxParallel?: number;
  timeout?: string;
  onTimeout?: "wait" | "fail" | "delete";
  waitForJobs?: string;
  surge?: true;
  force?: true;
  deleteEmptydirData?: true;
  name?: string;
  dryRun?: true;
  from?: string;
  wait: boolean;
  output?: ObjectFormat;
}

/** Adds the options that become a Drain. */
export function withDrain(command: Command): Command {
  return command
    .option("-l, --selector <labels>", "the nodes with these labels, as in pool=batch; those that come meanwhile, too")
    .option("--max-parallel <count>", "nodes from which pods are evicted at a time (default: 5)", count)
    .option("--timeout <duration>", "how long a node may take from when its turn comes, as in 30m (default: for ever)", duration)
    .addOption(
      new Option(
        "--on-timeout <action>",
        "what is done then: go on, fail and uncordon, or delete the pods whatever their budgets say (default: fail)",
      ).choices(["wait", "fail", "delete"]),
    )
    .option("--wait-for-jobs <duration>", "give pods of Jobs and pipelines' steps so long to end (default: none)", duration)
    .option("--surge", "give a Deployment one more replica before its only pod, or one that its budget holds, is evicted")
    .option("--force", "evict also pods that nothing makes again, as no controller owns them")
    .option("--delete-emptydir-data", "evict also pods with emptyDir volumes, whose data go with them")
    .option("--name <name>", "the Drain's name (default: drain- with a random ending)")
    .option("--dry-run", "only say what would become of each pod, in which order, and what would not go; exit code 1 if something wouldn't")
    .option("--from <file>", "with --dry-run: read a snapshot (`plimsoll inventory --snapshot`) instead of a cluster; - is standard input")
    .option("--no-wait", "end when the Drain is made, and don't follow it");
}

/** The Drain that is asked for. Throws a UsageError where that isn't one. */
export function drainOf(nodes: readonly string[], options: DrainOptions): Drain {
  const { selector, maxParallel, timeout, onTimeout, waitForJobs, surge, force, deleteEmptydirData, name } = options;
  if (nodes.length === 0 && selector === undefined) throw new UsageError("which nodes? Give their names, or --selector");
  if (nodes.length > 0 && selector !== undefined) throw new UsageError("give either names of nodes or --selector");
  if (onTimeout !== undefined && timeout === undefined)
    throw new UsageError("--on-timeout says what is done when --timeout is over: give --timeout, too");
  return {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Drain",
    metadata: name === undefined ? { generateName: "drain-" } : { name },
    spec: {
      ...(selector === undefined ? { nodes: [...new Set(nodes)] } : { selector: parseSelector(selector) }),
      ...(maxParallel === undefined ? {} : { maxParallel }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(onTimeout === undefined ? {} : { onTimeout }),
      ...(waitForJobs === undefined ? {} : { waitForJobs }),
      ...(surge ? { surge } : {}),
      ...(force || deleteEmptydirData
        ? { allow: { ...(force ? { unmanaged: true } : {}), ...(deleteEmptydirData ? { emptyDir: true } : {}) } }
        : {}),
    },
  };
}

/** A node's name, also where it is given as `kubectl get nodes -o name` prints it. */
export function nodeName(text: string, before: readonly string[] = []): string[] {
  return [...before, text.replace(/^nodes?\//, "")];
}

function duration(text: string): string {
  durationOption(text);
  return text;
}

function count(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 500) throw new InvalidArgumentError("give a number from 1 to 500");
  return number;
}
