import type { PipelineRun } from "@plimsoll/api";
import { Cache, isConflict, isNotFound, messageOf, WorkQueue, type CacheEvent, type Clock } from "@plimsoll/kube";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { createAll, ensureWorkspace, isRefusal, removeAll } from "./act.ts";
import type { Creation, Shortfall } from "./decision.ts";
import { refused } from "./condition.ts";
import { Engine } from "./engine.ts";
import type { Client } from "./permissions.ts";
import type { RunIdentity } from "./render.ts";
import { planOf } from "./run-plan.ts";
import { isTooLarge, writeStatus, type StatusChange } from "./status.ts";
import { labels, viewJob, viewPod, type JobView, type PodView } from "./view.ts";

/** What the controller keeps of a run; of one that has ended, only that. */
interface RunView {
  namespace: string;
  name: string;
  uid: string;
  ended: boolean;
  /** Grows with each change of the spec. */
  generation: number | undefined;
  run: PipelineRun | undefined;
}

export interface PipelinesOptions {
  /** What the feature's permissions give. */
  client: Client;
  clock: Clock;
  /** Work in this namespace alone; undefined: in all. */
  namespace: string | undefined;
  onError: (what: string, error: unknown) => void;
}

/** Runs worked on at once, and statuses written at once. */
const width = { runs: 32, statuses: 8 };

/** The feature's loop: watches runs, Jobs and pods, decides for the run that a change concerns, acts, and keeps the statuses up. */
export class PipelinesController {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #runs: Cache<PipelineRun, RunView>;
  readonly #jobs: Cache<Job, JobView, "run">;
  readonly #pods: Cache<Pod, PodView, "run">;
  readonly #onError: PipelinesOptions["onError"];
  readonly #queue: WorkQueue;
  readonly #statuses: WorkQueue;
  readonly #engines = new Map<string, Engine>();
  /** Runs whose end has been written, but not yet been seen in the cache. */
  readonly #ended = new Set<string>();

  constructor({ client, clock, namespace, onError }: PipelinesOptions) {
    const where = namespace === undefined ? {} : { namespace };
    this.#client = client;
    this.#clock = clock;
    this.#onError = onError;
    const common = { clock, onError: (error: unknown) => onError("watch", error) };
    const ours = { ...where, labelSelector: labels.runUid };
    this.#runs = new Cache(this.#client("pipelineruns.plimsoll.dev"), { ...common, project: viewRun, select: where });
    this.#jobs = new Cache(this.#client("jobs.batch"), {
      ...common,
      project: viewJob,
      select: ours,
      indexes: { run: (job) => [job.runUid] },
    });
    this.#pods = new Cache(this.#client("pods"), { ...common, project: viewPod, select: ours, indexes: { run: (pod) => [pod.runUid] } });
    this.#queue = new WorkQueue({ clock, onError });
    this.#statuses = new WorkQueue({ clock, onError: (key, error) => onError(`status of ${key}`, error) });
  }

  /** Whether the caches have been filled. */
  synced(): Promise<unknown> {
    return Promise.all([this.#runs.synced, this.#jobs.synced, this.#pods.synced]);
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const watching = [this.#runs, this.#jobs, this.#pods].map((cache) => cache.start(signal));
    await Promise.race([this.synced(), ...watching]);
    this.#jobs.on((event) => this.#told(event, (engine, job, gone) => engine.job(job, gone)));
    this.#pods.on((event) => this.#told(event, (engine, pod, gone) => engine.pod(pod, gone)));
    this.#runs.on((event) => {
      const { type, object } = event;
      if (type === "delete" || object.ended) this.#forget(object.uid);
      // Statuses are written by this feature, and tell it nothing new.
      else if (type === "add" || event.old.generation !== object.generation) this.#queue.add(keyOf(object));
    });
    await Promise.all([
      this.#queue.run(width.runs, (key) => this.#reconcile(key), signal),
      this.#statuses.run(width.statuses, (key) => this.#write(key), signal),
      ...watching,
    ]);
  }

  #told<V extends JobView | PodView>(event: CacheEvent<V>, tell: (engine: Engine, view: V, gone: boolean) => void): void {
    const { object, type } = event;
    const engine = this.#engines.get(object.runUid);
    if (engine !== undefined) tell(engine, object, type === "delete");
    const key = `${object.namespace}/${object.run}`;
    // What is gone of a run that is over may have stood in the way of another of its name.
    const other = type === "delete" ? this.#view(key) : undefined;
    if (other !== undefined && other.uid !== object.runUid) this.#engines.get(other.uid)?.retry();
    if (engine !== undefined || other !== undefined) this.#queue.add(key);
  }

  async #reconcile(key: string): Promise<void> {
    const view = this.#view(key);
    if (view?.run === undefined || this.#ended.has(view.uid)) return;
    try {
      const engine = this.#engines.get(view.uid) ?? (await this.#begin(view, view.run));
      if (engine === undefined) return;
      await this.#advance(key, view, view.run, engine);
      this.#statuses.addAfter(key, this.#ended.has(view.uid) ? 0 : this.#pace());
    } catch (error) {
      await this.#hinder(key, view, view.run, messageOf(error));
      throw error;
    }
  }

  /** Decides and acts until there is nothing to do for now. */
  async #advance(key: string, view: RunView, run: PipelineRun, engine: Engine): Promise<void> {
    const identity = { namespace: view.namespace, name: view.name, uid: view.uid };
    for (let again = true; again;) {
      const now = this.#clock.now();
      const decision = engine.decide({ run: identity, now, cancel: run.spec.cancel ?? false });
      const { wakeAt = Infinity } = decision;
      if (wakeAt > now && wakeAt < Infinity) this.#queue.addAfter(key, wakeAt - now);
      for (const step of decision.confirm) await this.#confirm(engine, view, step);
      await removeAll(this.#client, identity, decision.remove);
      const shortfall = await this.#create(engine, identity, decision.create);
      const { refused, hindered, untried } = shortfall;
      for (const [step, message] of refused) {
        await removeAll(this.#client, identity, engine.running(step));
        decision.entries.set(step, engine.refused(decision, step, message, this.#clock.now()));
      }
      again = decision.confirm.length + refused.size + hindered.size + untried.size > 0;
      engine.advance(refused.size > 0 ? { ...decision, end: undefined } : decision, run, this.#clock.now(), shortfall);
      const [message] = hindered.values();
      if (message !== undefined) this.#onError(`${key}, ${hindered.size + untried.size} of its steps`, new Error(message));
      if (decision.end && refused.size === 0) this.#ended.add(view.uid);
      // There is more to decide; others have their turn first.
      if (wakeAt <= now) this.#queue.add(key);
    }
  }

  /** Creates Jobs, after the volume that they share. */
  async #create(engine: Engine, run: RunIdentity, creations: readonly Creation[]): Promise<Shortfall> {
    const { workspace } = engine.plan;
    if (creations.length > 0 && workspace && !engine.hasWorkspace) {
      try {
        await ensureWorkspace(this.#client, run, workspace);
        engine.hasWorkspace = true;
      } catch (error) {
        const message = messageOf(error);
        const all = (text: string): Map<number, string> => new Map(creations.map(({ step }) => [step, text]));
        return isRefusal(error)
          ? { ...none(), refused: all(`the API server refuses the workspace: ${message}`) }
          : { ...none(), hindered: all(message) };
      }
    }
    return createAll(this.#client, run, creations, (job) => engine.created(viewJob(job)));
  }

  /** Statuses are written at most once a second, and more seldom the more runs there are: Jobs go before reports on them. */
  #pace(): number {
    return 1_000 + 50 * this.#engines.size;
  }

  /** Takes up a run: reads and checks its pipeline, and what the cluster has of it. Ends the run where its pipeline can't be run. */
  async #begin(view: RunView, run: PipelineRun): Promise<Engine | undefined> {
    const found = await planOf(this.#client, run);
    const now = this.#clock.now();
    if ("problems" in found) {
      await writeStatus(this.#client, view, refused(run, found.problems, now), now);
      this.#ended.add(view.uid);
      return undefined;
    }
    const engine = new Engine(run, found.plan, found.resolved, now);
    if (found.resolved !== undefined) {
      // A crash must not let the rest of the run follow a Pipeline that has been changed since.
      const change = engine.takeUnwritten();
      if (change) await writeStatus(this.#client, view, change, now);
    }
    // It may have been deleted meanwhile.
    if (this.#view(keyOf(view))?.uid !== view.uid) return undefined;
    for (const job of this.#jobs.by("run", view.uid)) engine.job(job);
    for (const pod of this.#pods.by("run", view.uid)) engine.pod(pod);
    this.#engines.set(view.uid, engine);
    return engine;
  }

  /** Says in the status what keeps the run from going on, or from beginning. */
  async #hinder(key: string, view: RunView, run: PipelineRun, message: string): Promise<void> {
    const engine = this.#engines.get(view.uid);
    if (engine !== undefined) {
      engine.hinder(message);
      this.#statuses.addAfter(key, this.#pace());
    } else if (run.status?.message !== message) {
      // If this fails too, it is written when beginning fails the next time.
      await writeStatus(this.#client, view, { phase: "Pending", message }, this.#clock.now()).catch(() => {});
    }
  }

  /** Reads a step's pods from the API server: the watch of Jobs may be ahead of theirs. */
  async #confirm(engine: Engine, view: RunView, step: number): Promise<void> {
    const unseen = engine.unseen(step);
    const labelSelector = `${labels.runUid}=${view.uid},${labels.step}=${engine.plan.steps[step]?.name ?? ""}`;
    for await (const pod of this.#client("pods").list({ namespace: view.namespace, labelSelector })) {
      const seen = viewPod(pod);
      if (seen.runUid === view.uid) engine.pod(seen);
    }
    engine.confirmed(step, unseen);
  }

  async #write(key: string): Promise<void> {
    const view = this.#view(key);
    const engine = view && this.#engines.get(view.uid);
    const patch = engine?.takeUnwritten();
    if (view === undefined || engine === undefined || patch === undefined) return;
    try {
      await this.#writeFitting(view, patch);
    } catch (error) {
      // The run is gone, and perhaps another of its name has come, which its UID keeps the write from.
      if (isNotFound(error) || (isConflict(error) && this.#view(key)?.uid !== view.uid)) return this.#forget(view.uid);
      engine.restore(patch);
      throw error;
    }
    if (patch.finishedAt !== undefined) this.#engines.delete(view.uid);
  }

  /** What etcd can't hold of the steps is left out, so that the run can be seen to go on, and to end. */
  async #writeFitting(view: RunView, change: StatusChange): Promise<void> {
    try {
      await writeStatus(this.#client, view, change, this.#clock.now());
    } catch (error) {
      if (change.steps === undefined || !isTooLarge(error)) throw error;
      const { steps, ...top } = change;
      const message = [top.message, `the status has no room for what became of ${Object.keys(steps).length} steps: see their Jobs`];
      await writeStatus(this.#client, view, { ...top, message: message.filter(Boolean).join("; ") }, this.#clock.now());
    }
  }

  #forget(uid: string): void {
    this.#engines.delete(uid);
    this.#ended.delete(uid);
  }

  #view(key: string): RunView | undefined {
    const slash = key.indexOf("/");
    return this.#runs.get(key.slice(0, slash), key.slice(slash + 1));
  }
}

function viewRun(run: PipelineRun): RunView {
  const { namespace = "", name = "", uid = "" } = run.metadata;
  const ended = run.status?.finishedAt !== undefined || run.metadata.deletionTimestamp !== undefined;
  return { namespace, name, uid, ended, generation: run.metadata.generation, run: ended ? undefined : run };
}

function none(): Shortfall {
  return { refused: new Map(), hindered: new Map(), untried: new Map() };
}

function keyOf(view: RunView): string {
  return `${view.namespace}/${view.name}`;
}
