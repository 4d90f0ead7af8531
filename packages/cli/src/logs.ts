import type { PipelineRun } from "@plimsoll/api";
import { labels } from "@plimsoll/features/pipelines";
import { Cache, isNotFound, type Stored } from "@plimsoll/kube";
import { Command, InvalidArgumentError } from "commander";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { withCluster, type ClusterOptions } from "./cluster-options.ts";
import { connected, getRun, type Client } from "./connect.ts";
import { stepsOf } from "./dag.ts";
import { UsageError } from "./failure.ts";
import { paintFor, type Paint } from "./paint.ts";
import { ended, states } from "./watch.ts";

interface LogsOptions extends ClusterOptions {
  follow?: boolean;
  tail?: number;
  timestamps?: boolean;
  prefix: boolean;
}

/** `plimsoll logs`: what the pods of a run, or of one of its steps, have written. */
export function logsCommand(): Command {
  return withCluster(new Command("logs"))
    .description("print what a run's steps write: every item, each line with its step and item before it")
    .argument("<run>", "the run's name")
    .argument("[step]", "only this step")
    .option("-f, --follow", "stay until the run ends, with steps that have yet to start")
    .option("--tail <lines>", "only the last lines of each pod", count)
    .option("--timestamps", "with each line's time")
    .option("--no-prefix", "the lines alone")
    .addHelpText("after", "\nExamples:\n  plimsoll logs digits-x7k2p\n  plimsoll logs digits-x7k2p train -f\n  plimsoll logs digits-x7k2p evaluate --no-prefix --tail 1")
    .action((name: string, step: string | undefined, options: LogsOptions) =>
      connected(options, async (client, namespace) => {
        const run = await getRun(client, namespace, name);
        const steps = stepsOf(run).map((one) => one.name);
        if (step !== undefined && steps.length > 0 && !steps.includes(step)) throw new UsageError(`run "${name}" has no step "${step}"; it has ${steps.join(", ")}`);
        const printer = new LogPrinter(client, run, options);
        await (options.follow && !ended(run) ? followPods(client, run, step, printer) : printPods(client, run, step, printer));
      }),
    );
}

async function printPods(client: Client, run: PipelineRun, step: string | undefined, printer: LogPrinter): Promise<void> {
  const pods: Pod[] = [];
  for await (const pod of client("pods").list(podsOf(run, step))) if (started(pod)) pods.push(pod);
  pods.sort((a, b) => (a.status?.startTime ?? "").localeCompare(b.status?.startTime ?? "") || itemOf(a) - itemOf(b));
  if (pods.length === 0) console.error("No pod has started.");
  for (const pod of pods) await printer.print(pod, false);
}

/** Prints each pod from its start on, until the run has ended and every pod has been read. */
async function followPods(client: Client, run: PipelineRun, step: string | undefined, printer: LogPrinter): Promise<void> {
  const stop = new AbortController();
  const reading = new Map<string, Promise<void>>();
  const read = (pod: Stored<Pod>): void => {
    if (started(pod) && !reading.has(pod.metadata.uid)) reading.set(pod.metadata.uid, printer.print(pod, true));
  };
  const pods = new Cache(client("pods"), { project: (pod) => pod, select: podsOf(run, step) });
  pods.on(({ type, object }) => {
    if (type !== "delete") read(object);
  });
  const watching = pods.start(stop.signal);
  for await (const state of states(client, run)) if (ended(state)) break;
  stop.abort();
  await watching;
  for await (const pod of client("pods").list(podsOf(run, step))) read(pod);
  await Promise.all(reading.values());
}

/** Prints pods' lines, each behind its step and item in the step's colour. */
class LogPrinter {
  readonly #client: Client;
  readonly #steps: readonly string[];
  readonly #options: LogsOptions;
  readonly #paint: Paint = paintFor(process.stdout);

  constructor(client: Client, run: PipelineRun, options: LogsOptions) {
    this.#client = client;
    this.#steps = stepsOf(run).map((step) => step.name);
    this.#options = options;
  }

  async print(pod: Pod, follow: boolean): Promise<void> {
    const { namespace = "", name = "" } = pod.metadata ?? {};
    const prefix = this.#options.prefix ? this.#prefix(pod) : "";
    const lines = this.#client("pods/log").read(
      { namespace, name },
      {
        container: "step",
        follow,
        ...(this.#options.tail === undefined ? {} : { tailLines: this.#options.tail }),
        ...(this.#options.timestamps ? { timestamps: true } : {}),
      },
    );
    try {
      for await (const line of lines) process.stdout.write(`${prefix}${line}\n`);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      console.error(`pod ${name} is gone, and its log with it`);
    }
  }

  #prefix(pod: Pod): string {
    const colours = ["cyan", "green", "yellow", "magenta", "blue", "red"] as const;
    const step = pod.metadata?.labels?.[labels.step] ?? "";
    const colour = colours[Math.max(0, this.#steps.indexOf(step)) % colours.length] ?? "cyan";
    const item = itemOf(pod);
    return this.#paint(colour, `${step}${item < 0 ? "" : `[${item}]`} │ `);
  }
}

function podsOf(run: PipelineRun, step: string | undefined): { namespace: string; labelSelector: string } {
  const labelSelector = `${labels.runUid}=${run.metadata.uid}${step === undefined ? "" : `,${labels.step}=${step}`}`;
  return { namespace: run.metadata.namespace ?? "", labelSelector };
}

function started(pod: Pod): boolean {
  return ["Running", "Succeeded", "Failed"].includes(pod.status?.phase ?? "") && (pod.status?.containerStatuses ?? []).some((one) => one.state?.waiting === undefined);
}

/** The item that a pod works on; -1 for a step without items. */
function itemOf(pod: Pod): number {
  const index = pod.metadata?.labels?.[labels.item] ?? pod.metadata?.annotations?.["batch.kubernetes.io/job-completion-index"];
  return index === undefined ? -1 : Number(index);
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("give a number of lines");
  return Number(value);
}
