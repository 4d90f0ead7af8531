import type { PipelineRun } from "@plimsoll/api";
import { FairLimiter, type CacheEvent, type View, type WorkQueue } from "@plimsoll/kube";
import { budgetView } from "@plimsoll/model";
import type { Use } from "@plimsoll/model/sizing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Further } from "../../feature.ts";
import { newestVersion } from "../../newest-version.ts";
import type { PipelinesConfig } from "../config.ts";
import type { PipelinesRuntime } from "../permissions.ts";
import type { TryView } from "../step/kind.ts";
import { labels } from "../step/labels.ts";
import { viewPod } from "../step/pod/view.ts";
import { Budgets } from "./budgets.ts";
import { Expiry } from "./expiry.ts";
import { grantedKinds, isLeft, type GrantedKinds } from "./act/object-hands.ts";
import { PipelinesMetrics } from "./metrics.ts";
import { Reconciler } from "./reconciler.ts";
import { queueKey, Runs, viewRun, type RunView } from "./runs.ts";

/** Runs worked on at once. */
const width = 100;

/** Runs listed at once: each may be a megabyte, and what is listed is parsed in one piece. */
const pageSize = 20;

/** The feature's loop: watches runs and pods, and has the run reconciled that a change concerns. */
export class PipelinesController {
  readonly #runs: Runs;
  readonly #watched: View<PipelineRun, RunView, "namespace">;
  readonly #pods: View<Pod, TryView, "run">;
  readonly #granted: GrantedKinds;
  readonly #budgets: Budgets;
  readonly #queue: WorkQueue;
  readonly #reconciler: Reconciler;
  readonly #expiry: Expiry;
  readonly #metrics: PipelinesMetrics;
  readonly #runtime: PipelinesRuntime;
  readonly #limiter: FairLimiter;
  /**
   * The newest version of all runs when it began to work; Infinity before. What the watch shows of an older run may not have what the last
   * leader wrote since: such a run is read when its turn comes.
   */
  #begunAt = Infinity;

  /** `further`: for the kinds that the configuration lists; `use`: what pods were seen to use, by their UIDs. */
  constructor(
    runtime: PipelinesRuntime,
    config: Pick<PipelinesConfig, "podQPS" | "podBurst">,
    further?: Further,
    use: (uid: string) => Use | undefined = () => undefined,
  ) {
    const { clock, metrics } = runtime;
    this.#runtime = runtime;
    this.#limiter = new FairLimiter({ qps: config.podQPS, burst: config.podBurst, clock });
    this.#watched = runtime.view("pipelineruns.plimsoll.dev", {
      // A run that nobody can have written to yet begins at once; another is read when its turn comes.
      project: (run) => viewRun(run, run.status?.updatedAt === undefined && Number(run.metadata.resourceVersion) > this.#begunAt),
      pageSize,
      indexes: { namespace: (run) => [run.namespace] },
    });
    this.#pods = runtime.view("pods", {
      project: viewPod,
      select: { labelSelector: labels.runUid },
      indexes: { run: (pod) => [pod.runUid] },
    });
    this.#granted = grantedKinds(further);
    this.#budgets = new Budgets(runtime.view("poddisruptionbudgets.policy", budgetView));
    this.#queue = runtime.queue("pipelines");
    this.#runs = new Runs(this.#watched);
    this.#expiry = new Expiry(this.#runs, runtime);
    this.#metrics = new PipelinesMetrics(metrics);
    this.#reconciler = new Reconciler({
      ...runtime,
      limiter: this.#limiter,
      runs: this.#runs,
      queue: this.#queue,
      metrics: this.#metrics,
      granted: this.#granted,
      podsOf: (uid) => [...this.#pods.by("run", uid), ...this.#objectsOf(uid)],
      budgetsOf: (namespace) => this.#budgets.of(namespace),
      use,
    });
    runtime.onRetryAfter((seconds) => this.#limiter.pause(seconds));
    runtime.onConfig(({ podQPS: qps, podBurst: burst }) => this.#limiter.setRate({ qps, burst }));
  }

  /** Works, once this process leads, until the runtime's signal aborts; then writes what the statuses of its runs lack. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    this.#begunAt = await newestVersion(this.#runtime.client("pipelineruns.plimsoll.dev"), this.#runtime);
    this.#pods.on((event) => this.#podChanged(event));
    for (const { view } of this.#granted.values()) view.on((event) => this.#podChanged(event));
    this.#budgets.on((namespace) => this.#budgetsChanged(namespace));
    this.#watched.on((event) => this.#runChanged(event));
    await Promise.all([this.#queue.run(width, (key) => this.#reconciler.reconcile(key, signal), signal), this.#expiry.run(signal)]);
    await this.#reconciler.flush();
  }

  #objectsOf(uid: string): TryView[] {
    return [...this.#granted.values()].flatMap(({ view }) => view.by("run", uid));
  }

  #runChanged(event: CacheEvent<RunView>): void {
    const { type, object } = event;
    const key = queueKey(object);
    this.#metrics.observe(event);
    if (type === "delete" || object.ended) {
      this.#runs.forget(object.uid);
      this.#queue.forget(key);
      if (type === "delete") {
        this.#runs.swept(object.uid);
        return this.#expiry.forget(object);
      }
      this.#expiry.observe(object);
      // What the last leader has not deleted any more is swept, and what could not be deleted yet.
      if (type === "add" ? this.#objectsOf(object.uid).some(isLeft) : this.#runs.hasLeft(object.uid)) this.#queue.add(key);
    }
    // Statuses are written by this feature, and tell it nothing new.
    else if (type === "add" || event.old.generation !== object.generation) this.#queue.add(key);
  }

  #budgetsChanged(namespace: string): void {
    for (const view of this.#watched.by("namespace", namespace))
      if (this.#runs.engine(view.uid) !== undefined) this.#queue.add(queueKey(view));
  }

  #podChanged({ type, object }: CacheEvent<TryView>): void {
    const engine = this.#runs.engine(object.runUid);
    engine?.observe(object, type === "delete");
    const key = queueKey({ namespace: object.namespace, name: object.run });
    // What is gone of a run that is over may have stood in the way of another of its name.
    const own = this.#runs.view(key);
    const other = type === "delete" ? own : undefined;
    if (other !== undefined && other.uid !== object.runUid) this.#runs.engine(other.uid)?.unblock();
    // What comes when it has ended is swept.
    const isSwept = type === "add" && isLeft(object) && own?.uid === object.runUid && own.ended;
    if (engine !== undefined || other !== undefined || isSwept) this.#queue.add(key);
  }
}
