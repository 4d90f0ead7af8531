import type { PipelineRun } from "@plimsoll/api";
import { Cache, messageOf, WorkQueue, type CacheEvent, type Clock } from "@plimsoll/kube";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { createAll, ensureWorkspace, isRefusal, removeAll } from "./act.ts";
import type { Creation, Shortfall } from "./decision.ts";
import { refused } from "./condition.ts";
import { Engine } from "./engine.ts";
import type { Client } from "./permissions.ts";
import type { RunIdentity } from "./render.ts";
import { planOf } from "./run-plan.ts";
import { keyOf, Runs, viewRun, type RunView } from "./runs.ts";
import { writeStatus } from "./status.ts";
import { StatusQueue } from "./status-queue.ts";
import { labels, viewJob, viewPod, type JobView, type PodView } from "./view.ts";

export interface PipelinesOptions {
  /** What the feature's permissions give. */
  client: Client;
  clock: Clock;
  /** Work in this namespace alone; undefined: in all. */
  namespace: string | undefined;
  onError: (what: string, error: unknown) => void;
}

/** Runs worked on at once. */
const width = 32;

/** The feature's loop: watches runs, Jobs and pods, decides for the run that a change concerns, acts, and keeps the statuses up. */
export class PipelinesController {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #runs: Runs;
  readonly #watched: Cache<PipelineRun, RunView>;
  readonly #jobs: Cache<Job, JobView, "run">;
  readonly #pods: Cache<Pod, PodView, "run">;
  readonly #onError: PipelinesOptions["onError"];
  readonly #queue: WorkQueue;
  readonly #statuses: StatusQueue;

  constructor({ client, clock, namespace, onError }: PipelinesOptions) {
    const where = namespace === undefined ? {} : { namespace };
    this.#client = client;
    this.#clock = clock;
    this.#onError = onError;
    const common = { clock, onError: (error: unknown) => onError("watch", error) };
    const ours = { ...where, labelSelector: labels.runUid };
    this.#watched = new Cache(this.#client("pipelineruns.plimsoll.dev"), { ...common, project: viewRun, select: where });
    this.#jobs = new Cache(this.#client("jobs.batch"), {
      ...common,
      project: viewJob,
      select: ours,
      indexes: { run: (job) => [job.runUid] },
    });
    this.#pods = new Cache(this.#client("pods"), { ...common, project: viewPod, select: ours, indexes: { run: (pod) => [pod.runUid] } });
    this.#queue = new WorkQueue({ clock, onError });
    this.#runs = new Runs(this.#watched);
    this.#statuses = new StatusQueue(this.#runs, { client, clock, onError });
  }

  /** Whether the caches have been filled. */
  synced(): Promise<unknown> {
    return Promise.all([this.#watched.synced, this.#jobs.synced, this.#pods.synced]);
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const watching = [this.#watched, this.#jobs, this.#pods].map((cache) => cache.start(signal));
    await Promise.race([this.synced(), ...watching]);
    this.#jobs.on((event) => this.#told(event, (engine, job, gone) => engine.job(job, gone)));
    this.#pods.on((event) => this.#told(event, (engine, pod, gone) => engine.pod(pod, gone)));
    this.#watched.on((event) => {
      const { type, object } = event;
      if (type === "delete" || object.ended) this.#runs.forget(object.uid);
      // Statuses are written by this feature, and tell it nothing new.
      else if (type === "add" || event.old.generation !== object.generation) this.#queue.add(keyOf(object));
    });
    await Promise.all([this.#queue.run(width, (key) => this.#reconcile(key), signal), this.#statuses.run(signal), ...watching]);
  }

  #told<V extends JobView | PodView>(event: CacheEvent<V>, tell: (engine: Engine, view: V, gone: boolean) => void): void {
    const { object, type } = event;
    const engine = this.#runs.engine(object.runUid);
    if (engine !== undefined) tell(engine, object, type === "delete");
    const key = keyOf({ namespace: object.namespace, name: object.run });
    // What is gone of a run that is over may have stood in the way of another of its name.
    const other = type === "delete" ? this.#runs.view(key) : undefined;
    if (other !== undefined && other.uid !== object.runUid) this.#runs.engine(other.uid)?.retry();
    if (engine !== undefined || other !== undefined) this.#queue.add(key);
  }

  async #reconcile(key: string): Promise<void> {
    const view = this.#runs.view(key);
    if (view?.run === undefined || this.#runs.hasEnded(view.uid)) return;
    try {
      const engine = this.#runs.engine(view.uid) ?? (await this.#begin(view, view.run));
      if (engine === undefined) return;
      await this.#advance(key, view, view.run, engine);
      this.#statuses.add(key, this.#runs.hasEnded(view.uid));
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
      if (decision.end && refused.size === 0) this.#runs.end(view.uid);
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

  /** Takes up a run: reads and checks its pipeline, and what the cluster has of it. Ends the run where its pipeline can't be run. */
  async #begin(view: RunView, run: PipelineRun): Promise<Engine | undefined> {
    const found = await planOf(this.#client, run);
    const now = this.#clock.now();
    if ("problems" in found) {
      await writeStatus(this.#client, view, refused(run, found.problems, now), now);
      this.#runs.end(view.uid);
      return undefined;
    }
    const engine = new Engine(run, found.plan, found.resolved, now);
    if (found.resolved !== undefined) {
      // A crash must not let the rest of the run follow a Pipeline that has been changed since.
      const change = engine.takeUnwritten();
      if (change) await writeStatus(this.#client, view, change, now);
    }
    // It may have been deleted meanwhile.
    if (this.#runs.view(keyOf(view))?.uid !== view.uid) return undefined;
    for (const job of this.#jobs.by("run", view.uid)) engine.job(job);
    for (const pod of this.#pods.by("run", view.uid)) engine.pod(pod);
    this.#runs.begin(view.uid, engine);
    return engine;
  }

  /** Says in the status what keeps the run from going on, or from beginning. */
  async #hinder(key: string, view: RunView, run: PipelineRun, message: string): Promise<void> {
    const engine = this.#runs.engine(view.uid);
    if (engine !== undefined) {
      engine.hinder(message);
      this.#statuses.add(key);
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
}

function none(): Shortfall {
  return { refused: new Map(), hindered: new Map(), untried: new Map() };
}
