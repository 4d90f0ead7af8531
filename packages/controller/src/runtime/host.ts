import type { Feature, Host as FeatureHost } from "@plimsoll/features/feature";
import type { Catalogue } from "@plimsoll/features/kinds";
import type { Runtime } from "@plimsoll/features/runtime";
import {
  eventPermissions,
  EventRecorder,
  metadataPages,
  SharedWatches,
  systemClock,
  unlessAborted,
  WorkQueue,
  type Clock,
  type Declaration,
  type Namespaces,
  type Permission,
  type Sender,
  type Wanted,
} from "@plimsoll/kube";
import { hostname } from "node:os";
import { pino, type Logger } from "pino";
import { Registry } from "prom-client";
import { FeatureError } from "./feature-error.ts";
import { ProgramMetrics } from "./program-metrics.ts";
import { QueueMetrics } from "./queue-metrics.ts";

/** What a program gives its features, beside their own configuration. */
export interface HostOptions {
  sender: Sender;
  namespaces?: Namespaces;
  /** Resolves when this process leads; by default it does. */
  elected?: Promise<void>;
  /** What features that have to be alone send by. By default, as the others do. */
  fenced?: Sender;
  /** Which of the installation's processes this is, as its events tell it. */
  identity?: string;
  clock?: Clock;
  log?: Logger;
  metrics?: Registry;
  /** What the program tells of itself, in the same registry. */
  program?: ProgramMetrics;
}

/** Milliseconds for the events that were not yet sent. */
const flushTimeout = 3_000;

/** A feature that is to run, with its configuration. */
export interface Chosen {
  feature: Feature;
  config: unknown;
}

/** What features run in: gives each its runtime, watches for all of them, and ends with the first that fails. */
export class Host implements FeatureHost {
  readonly metrics: Registry;
  readonly #options: HostOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #watches: SharedWatches;
  readonly #queues: QueueMetrics;
  readonly #program: ProgramMetrics;
  readonly #recorders: EventRecorder[] = [];
  readonly #end = new AbortController();
  readonly #onRetryAfter: ((seconds: number) => void)[] = [];
  readonly #onConfig = new Map<string, ((config: never) => void)[]>();

  constructor(options: HostOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? pino({ enabled: false });
    this.metrics = options.metrics ?? new Registry();
    this.#queues = new QueueMetrics(this.metrics);
    this.#program = options.program ?? new ProgramMetrics(this.metrics);
    this.#program.events(() => this.#recorders);
    this.#watches = new SharedWatches({
      clock: this.#clock,
      onError: (resource, error) => {
        this.#program.watchFailed(resource);
        this.#log.warn({ resource, err: error }, "the watch failed, and is begun again");
      },
    });
  }

  /** Resolves when every view has been filled; rejects when that can't come any more. */
  synced(): Promise<void> {
    return this.#watches.synced();
  }

  /** Queues whose keys have waited for longer than this without any being begun or done, in milliseconds. */
  stalled(longest: number): string[] {
    return this.#queues.stalled(longest);
  }

  /** Runs features until the signal aborts and all have written what they had to; rejects as soon as one fails, or ends by itself. */
  async run(chosen: readonly Chosen[], signal: AbortSignal): Promise<void> {
    const end = (): void => this.#end.abort(signal.reason);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    const working = chosen.map(async ({ feature, config }) => {
      this.#program.started(feature.name);
      try {
        await feature.start(this, config);
      } catch (error) {
        // What it waited for can't come any more, as all is to end.
        if (this.#end.signal.aborted && error === this.#end.signal.reason) return;
        throw new FeatureError(feature.name, error);
      }
      if (!this.#end.signal.aborted) throw new FeatureError(feature.name, new Error("it has ended by itself"));
    });
    const others = [this.#watches.run(this.#end.signal), ...this.#recorders.map((recorder) => recorder.run(this.#end.signal))];
    try {
      await Promise.all(working);
      await Promise.all(this.#recorders.map((recorder) => recorder.flush(flushTimeout)));
    } finally {
      this.#end.abort();
      signal.removeEventListener("abort", end);
      await Promise.all(others);
    }
  }

  /** Tells the features that the API server asks to be left alone. */
  retryAfter(seconds: number): void {
    for (const listener of this.#onRetryAfter) listener(seconds);
  }

  /** Hands a feature the configuration that it can take while it works. */
  configure(feature: string, config: unknown): void {
    for (const listener of this.#onConfig.get(feature) ?? []) listener(config as never);
  }

  /** Rejects with the reason of the end where that comes first. */
  #unlessEnded(promise: Promise<void>): Promise<void> {
    const either = unlessAborted([this.#end.signal], () => promise);
    either.catch(() => {}); // Nobody need wait for it.
    return either;
  }

  #recorder(feature: string, sender: Sender, chosen: readonly string[] | undefined): EventRecorder {
    const { namespaces = {}, identity = hostname() } = this.#options;
    const recorder = new EventRecorder(eventPermissions.client(sender, namespaces), {
      controller: `plimsoll.dev/${feature}`,
      instance: identity,
      namespaces: chosen,
      clock: this.#clock,
      onError: (error) => this.#log.warn({ feature, err: error }, "an event was not told"),
    });
    this.#recorders.push(recorder);
    return recorder;
  }

  runtime<P extends Permission, C>(
    permissions: Declaration<Catalogue, P>,
    leader: "required" | "any",
    chosen?: readonly string[],
  ): Runtime<P, C> {
    const { feature } = permissions;
    const { sender: plain, fenced = plain, elected = Promise.resolve(), namespaces: all = {} } = this.#options;
    const namespaces = chosen === undefined ? all : { ...all, chosen };
    const sender = leader === "required" ? fenced : plain;
    const log = this.#log.child({ feature });
    const client = permissions.client(sender, namespaces);
    const retried = (what: string, error: unknown): void => {
      this.#program.retried(feature);
      log.warn({ what, err: error }, "will be tried again");
    };
    return {
      client,
      view: (resource, wanted) => {
        permissions.check(["list", "watch"], resource, namespaces);
        // That it may be watched, the type of `view` says, and the check above.
        const source = client(resource) as never;
        return this.#watches.view(resource, source, wanted as Wanted<never, never, never>, namespaces.chosen) as never;
      },
      opened: (resource) => metadataPages(plain, resource, { signal: this.#end.signal }),
      synced: () => this.#watches.synced(),
      queue: (name) => {
        const queue = new WorkQueue({ clock: this.#clock, onError: retried, observer: this.#queues.observer(name) });
        this.#queues.add(name, queue);
        return queue;
      },
      elected: leader === "required" ? this.#unlessEnded(elected) : Promise.resolve(),
      namespaces: namespaces.chosen,
      signal: this.#end.signal,
      clock: this.#clock,
      log: {
        debug: (fields, message) => log.debug(fields, message),
        info: (fields, message) => log.info(fields, message),
        warn: (fields, message) => log.warn(fields, message),
        error: (fields, message) => log.error(fields, message),
      },
      metrics: this.metrics,
      events: this.#recorder(feature, sender, namespaces.chosen),
      retried,
      onRetryAfter: (listener) => this.#onRetryAfter.push(listener),
      onConfig: (listener) => this.#onConfig.set(feature, [...(this.#onConfig.get(feature) ?? []), listener]),
    };
  }
}
