import type { PipelineRun } from "@plimsoll/api";
import { Cache, WorkQueue, type CacheEvent, type Clock, type FairLimiter } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Client } from "../permissions.ts";
import type { TryView } from "../step/kind.ts";
import { labels } from "../step/labels.ts";
import { viewPod } from "../step/pod/view.ts";
import { Budgets } from "./budgets.ts";
import { Expiry } from "./expiry.ts";
import { Reconciler } from "./reconciler.ts";
import { queueKey, Runs, viewRun, type RunView } from "./runs.ts";

export interface PipelinesOptions {
  /** What the feature's permissions give. */
  client: Client;
  clock: Clock;
  /** Spaces the creation of pods out, fairly among runs. */
  limiter: FairLimiter;
  /** Work in this namespace alone; undefined: in all. */
  namespace: string | undefined;
  onError: (what: string, error: unknown) => void;
}

/** Runs worked on at once. */
const width = 100;

/** Runs listed at once: each may be a megabyte, and what is listed is parsed in one piece. */
const pageSize = 20;

/** The feature's loop: watches runs and pods, and has the run reconciled that a change concerns. */
export class PipelinesController {
  readonly #runs: Runs;
  readonly #watched: Cache<PipelineRun, RunView, "namespace">;
  readonly #pods: Cache<Pod, TryView | undefined, "run">;
  readonly #budgets: Budgets;
  readonly #queue: WorkQueue;
  readonly #reconciler: Reconciler;
  readonly #expiry: Expiry;
  #hasListed = false;

  constructor({ client, clock, limiter, namespace, onError }: PipelinesOptions) {
    const where = namespace === undefined ? {} : { namespace };
    const common = { clock, onError: (error: unknown) => onError("watch", error) };
    this.#watched = new Cache(client("pipelineruns.plimsoll.dev"), {
      ...common,
      // A run that nobody has written to yet begins at once; another is read when its turn comes.
      project: (run) => viewRun(run, this.#hasListed && run.status?.updatedAt === undefined),
      select: where,
      pageSize,
      indexes: { namespace: (run) => [run.namespace] },
    });
    this.#budgets = new Budgets(client("poddisruptionbudgets.policy"), { ...common, select: where });
    this.#pods = new Cache(client("pods"), {
      ...common,
      project: viewPod,
      select: { ...where, labelSelector: labels.runUid },
      indexes: { run: (pod) => (pod === undefined ? [] : [pod.runUid]) },
    });
    this.#queue = new WorkQueue({ clock, onError });
    this.#runs = new Runs(this.#watched);
    this.#expiry = new Expiry(this.#runs, { client, clock, onError });
    this.#reconciler = new Reconciler({
      client,
      clock,
      limiter,
      runs: this.#runs,
      queue: this.#queue,
      podsOf: (uid) => this.#pods.by("run", uid).filter((view) => view !== undefined),
      budgetsOf: (namespace) => this.#budgets.of(namespace),
      onError,
    });
  }

  /** Whether the caches have been filled. */
  synced(): Promise<unknown> {
    return Promise.all([this.#watched.synced, this.#pods.synced, this.#budgets.synced]);
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const watching = [this.#watched, this.#pods, this.#budgets].map((cache) => cache.start(signal));
    await Promise.race([this.synced(), ...watching]);
    this.#hasListed = true;
    this.#pods.on((event) => this.#podChanged(event));
    this.#budgets.on((namespace) => this.#budgetsChanged(namespace));
    this.#watched.on((event) => this.#runChanged(event));
    await Promise.all([
      this.#queue.run(width, (key) => this.#reconciler.reconcile(key, signal), signal),
      this.#expiry.run(signal),
      ...watching,
    ]);
  }

  #runChanged(event: CacheEvent<RunView>): void {
    const { type, object } = event;
    const key = queueKey(object);
    if (type === "delete" || object.ended) {
      this.#runs.forget(object.uid);
      this.#queue.forget(key);
      if (type === "delete") this.#expiry.forget(object);
      else this.#expiry.observe(object);
    }
    // Statuses are written by this feature, and tell it nothing new.
    else if (type === "add" || event.old.generation !== object.generation) this.#queue.add(key);
  }

  #budgetsChanged(namespace: string): void {
    for (const view of this.#watched.by("namespace", namespace))
      if (this.#runs.engine(view.uid) !== undefined) this.#queue.add(queueKey(view));
  }

  #podChanged({ type, object }: CacheEvent<TryView | undefined>): void {
    if (object === undefined) return;
    const engine = this.#runs.engine(object.runUid);
    engine?.observe(object, type === "delete");
    const key = queueKey({ namespace: object.namespace, name: object.run });
    // What is gone of a run that is over may have stood in the way of another of its name.
    const other = type === "delete" ? this.#runs.view(key) : undefined;
    if (other !== undefined && other.uid !== object.runUid) this.#runs.engine(other.uid)?.unblock();
    if (engine !== undefined || other !== undefined) this.#queue.add(key);
  }
}
