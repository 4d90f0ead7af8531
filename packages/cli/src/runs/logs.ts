import { manifestOf, type PipelineRun } from "@plimsoll/api";
import { containerName, itemOf, labels, tryOf } from "@plimsoll/features/pipelines";
import { ApiError, isNotFound, mayPass, type LogOptions, type Stored } from "@plimsoll/kube";
import { Command, InvalidArgumentError } from "commander";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected, type Client } from "../connect/connect.ts";
import { stepsOf } from "./dag.ts";
import { events } from "./events.ts";
import { Failure, UsageError } from "../failure.ts";
import { paintFor, type Paint } from "../output/paint.ts";
import { isOwn, ObjectPods } from "./object-pods.ts";
import { getRun, withRun } from "./runs.ts";
import { summaries } from "../summaries.ts";
import { ended, states } from "./watch.ts";

interface LogsOptions extends ClusterOptions {
  follow?: boolean;
  tail?: number;
  timestamps?: boolean;
  prefix: boolean;
}

/** `plimsoll logs`: what the pods of a run, or of one of its steps, have written. */
export function logsCommand(): Command {
  return withCluster(withRun(new Command("logs")))
    .description(summaries.logs.description)
    .argument("[step]", "only this step")
    .option("-f, --follow", "stay until the run ends, with steps that have yet to start")
    .option("--tail <lines>", "only the last lines of each pod", count)
    .option("--timestamps", "with each line's time")
    .option("--no-prefix", "the lines alone")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll logs digits-x7k2p\n  plimsoll logs digits-x7k2p train -f\n  plimsoll logs digits-x7k2p evaluate --no-prefix --tail 1",
    )
    .action((name: string, step: string | undefined, options: LogsOptions) =>
      connected(options, async (client, namespace, transport) => {
        const run = await getRun(client, namespace, name);
        const steps = stepsOf(run).map((one) => one.name);
        if (step !== undefined && steps.length > 0 && !steps.includes(step))
          throw new UsageError(`run "${name}" has no step "${step}"; it has ${steps.join(", ")}`);
        const printer = new LogPrinter(client, run, options);
        const makesObjects = stepsOf(run).some((one) => manifestOf(one) !== undefined && (step === undefined || step === one.name));
        const wanted: Wanted = { run, step, objects: makesObjects ? new ObjectPods(transport, run) : undefined };
        await (options.follow && !ended(run) ? followPods(client, wanted, printer) : printPods(client, wanted, printer));
        tellUnread(wanted);
        printer.checkWhole();
      }),
    );
}

/** Which pods are read. */
interface Wanted {
  run: PipelineRun;
  step: string | undefined;
  /** What finds those of objects that steps make; undefined where there are none. */
  objects: ObjectPods | undefined;
}

/** The pod with its place in the run; undefined for one that isn't wanted, or that hasn't started. */
async function chosen<P extends Pod>(pod: P, { objects, step }: Wanted): Promise<P | undefined> {
  if (!started(pod)) return undefined;
  const placed = objects === undefined ? pod : await objects.placed(pod);
  return step === undefined || placed?.metadata?.labels?.[labels.step] === step ? placed : undefined;
}

async function printPods(client: Client, wanted: Wanted, printer: LogPrinter): Promise<void> {
  const { run, step } = wanted;
  const whose = step === undefined ? "of the run" : `of step ${step}`;
  const pods: Pod[] = [];
  for await (const pod of client("pods").list(podsOf(wanted))) {
    const placed = await chosen(pod, wanted);
    if (placed !== undefined) pods.push(placed);
  }
  inOrder(pods);
  if (pods.length === 0)
    console.error(ended(run) ? `No pod ${whose} has started before the run was ${run.status?.phase}.` : `No pod ${whose} has started.`);
  for (const pod of pods) await printer.print(pod);
}

/** A step after the other, as they began; of each its items in their order, and of an item its tries. */
function inOrder(pods: Pod[]): void {
  const begun = new Map<string, string>();
  const stepOf = (pod: Pod): string => pod.metadata?.labels?.[labels.step] ?? "";
  for (const pod of pods) {
    const start = String(pod.status?.startTime ?? "");
    const first = begun.get(stepOf(pod));
    if (first === undefined || start < first) begun.set(stepOf(pod), start);
  }
  pods.sort(
    (a, b) =>
      (begun.get(stepOf(a)) ?? "").localeCompare(begun.get(stepOf(b)) ?? "") ||
      stepOf(a).localeCompare(stepOf(b)) ||
      (itemOf(a) ?? 0) - (itemOf(b) ?? 0) ||
      (tryOf(a) ?? 0) - (tryOf(b) ?? 0),
  );
}

/** Prints each pod from its start on, until the run has ended and every pod has been read. */
async function followPods(client: Client, wanted: Wanted, printer: LogPrinter): Promise<void> {
  const { run } = wanted;
  const stop = new AbortController();
  const how = { say: console.error, signal: stop.signal };
  const failed = Promise.withResolvers<never>();
  const reading = new Map<string, { done: Promise<void>; isOwn: boolean }>();
  const read = async (found: Stored<Pod>): Promise<void> => {
    if (reading.has(found.metadata.uid)) return;
    const pod = await chosen(found, wanted);
    if (pod === undefined || reading.has(pod.metadata.uid)) return;
    const done = printer.print(pod, { follow: true, signal: stop.signal });
    done.catch(failed.reject);
    reading.set(pod.metadata.uid, { done, isOwn: isOwn(pod) });
  };
  const watchPods = async (): Promise<void> => {
    for await (const { type, object } of events(client("pods"), { resource: "pods", select: podsOf(wanted), ...how }))
      if (type !== "delete") await read(object);
  };
  const toTheEnd = async (): Promise<void> => {
    for await (const state of states(client, run, how)) if (ended(state)) break;
    for await (const pod of client("pods").list(podsOf(wanted))) await read(pod);
    const [own, others] = [true, false].map((isOwn) => [...reading.values()].filter((one) => one.isOwn === isOwn).map(({ done }) => done));
    await Promise.all(own ?? []);
    // An object that stays may have pods that never end.
    await Promise.race([Promise.all(others ?? []), sleep(lastLines, undefined, { ref: false })]);
  };
  watchPods().catch(failed.reject);
  try {
    await Promise.race([toTheEnd(), failed.promise]);
  } finally {
    stop.abort();
  }
}

/** How long to wait for the last lines of an object's pods when the run has ended, in milliseconds. */
const lastLines = 5_000;

/** What the kubelet answers, with code 200, in place of the log of a container that the runtime has no more (Kubernetes 1.36). */
const unretrievable = /^unable to retrieve container logs for [\w-]+:\/\/[0-9a-f]{64}$/;

/** What the kubelet answers, with code 400, where it has never known the container, or not any more, as of a pod that it has evicted (Kubernetes 1.36). */
const unknownContainer = /container "[^"]+" in pod "[^"]+" is (terminated|not available)$/;

/** Prints pods' lines, each behind its step and item in the step's colour. */
class LogPrinter {
  readonly #client: Client;
  readonly #steps: readonly string[];
  readonly #options: LogsOptions;
  readonly #paint: Paint = paintFor(process.stdout);
  #unread = 0;

  constructor(client: Client, run: PipelineRun, options: LogsOptions) {
    this.#client = client;
    this.#steps = stepsOf(run).map((step) => step.name);
    this.#options = options;
  }

  /** A log that can't be read is told at once, and keeps no other from being printed; without the right to read logs it fails. */
  async print(pod: Pod, how: Pick<LogOptions, "follow" | "signal"> = {}): Promise<void> {
    const containers = isOwn(pod) ? [containerName] : (pod.spec?.containers ?? []).map(({ name }) => name);
    const print = (container: string): Promise<void> => this.#printOne(pod, container, containers.length > 1, how);
    // Those that are followed end in any order.
    if (how.follow) await Promise.all(containers.map(print));
    else for (const container of containers) await print(container);
  }

  async #printOne(pod: Pod, container: string, isOneOfMany: boolean, how: Pick<LogOptions, "follow" | "signal">): Promise<void> {
    const { namespace = "", name = "" } = pod.metadata ?? {};
    const prefix = this.#options.prefix ? this.#prefix(pod, isOneOfMany ? `/${container}` : "") : "";
    const lines = this.#client("pods/log").read(
      { namespace, name },
      {
        container,
        ...how,
        ...(this.#options.tail === undefined ? {} : { tailLines: this.#options.tail }),
        ...(this.#options.timestamps ? { timestamps: true } : {}),
      },
    );
    try {
      for await (const line of lines) {
        if (unretrievable.test(line)) this.#gone(name);
        else process.stdout.write(`${prefix}${line}\n`);
      }
    } catch (error) {
      if (how.signal?.aborted) return;
      if (isNotFound(error)) console.error(`pod ${name} is gone, and its log with it`);
      else if (error instanceof ApiError && unknownContainer.test(error.message)) this.#gone(name);
      else if (mayPass(error)) {
        console.error(`the log of pod ${name} can't be read: ${error.message}`);
        this.#unread += 1;
      } else throw error;
    }
  }

  #gone(pod: string): void {
    console.error(`the log of pod ${pod} is gone from its node, with the container`);
    this.#unread += 1;
  }

  /** Fails when a log could not be read to its end. */
  checkWhole(): void {
    if (this.#unread > 0)
      throw new Failure(`the ${this.#unread === 1 ? "log of a pod" : `logs of ${this.#unread} pods`} could not be read to the end`);
  }

  /** Of an object's pod with its name, as an object may have several. */
  #prefix(pod: Pod, container: string): string {
    const colours = ["cyan", "green", "yellow", "magenta", "blue", "red"] as const;
    const step = pod.metadata?.labels?.[labels.step] ?? "";
    const colour = colours[Math.max(0, this.#steps.indexOf(step)) % colours.length] ?? "cyan";
    const item = itemOf(pod);
    const number = tryOf(pod) ?? 1;
    return this.#paint(
      colour,
      `${step}${item === undefined ? "" : `[${item}]`}${number > 1 ? ` (try ${number})` : ""}${isOwn(pod) ? "" : ` ${pod.metadata?.name}${container}`} │ `,
    );
  }
}

/** Pods of objects have no labels of the run's: where there may be some, all of the namespace are looked at. */
function podsOf({ run, step, objects }: Wanted): { namespace: string; labelSelector?: string } {
  const namespace = run.metadata.namespace ?? "";
  if (objects !== undefined) return { namespace };
  return { namespace, labelSelector: `${labels.runUid}=${run.metadata.uid}${step === undefined ? "" : `,${labels.step}=${step}`}` };
}

function tellUnread({ objects }: Wanted): void {
  for (const kind of objects?.unread ?? []) console.error(`you may not get a ${kind}: the logs of pods that one has are left out`);
}

function started(pod: Pod): boolean {
  return (
    ["Running", "Succeeded", "Failed"].includes(pod.status?.phase ?? "") &&
    (pod.status?.containerStatuses ?? []).some((one) => one.state?.waiting === undefined)
  );
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("give a number of lines");
  return Number(value);
}
