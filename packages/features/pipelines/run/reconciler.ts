import { apiVersion, type Pipeline, type PipelineRun, type Problem } from "@plimsoll/api";
import {
  atMost,
  each,
  isConflict,
  isNotFound,
  messageOf,
  Semaphore,
  Turns,
  type Clock,
  type FairLimiter,
  type Stored,
  type WorkQueue,
} from "@plimsoll/kube";
import type { Budget } from "@plimsoll/model";
import type { Use } from "@plimsoll/model/sizing";
import type { Creation, Decision, End, Outcome } from "../decide/decision.ts";
import type { Client, PipelinesRuntime } from "../permissions.ts";
import type { Plan } from "../plan/plan.ts";
import { cachedCompile } from "../plan/plan-cache.ts";
import { renderWorkspace } from "../step/pod/files/workspace.ts";
import type { RunIdentity } from "../step/labels.ts";
import type { TryView } from "../step/kind.ts";
import { announcementsOf, forgotten, retriesOf, started, undeleted, unreadable, type Announcement } from "./announcements.ts";
import { confirmAll, createAll, ensureWorkspace, isRefusal, removeAll, width, type Hands } from "./act/carry-out.ts";
import { Engine } from "./engine.ts";
import { grantProblems } from "./granted.ts";
import { isLeft, type GrantedKinds } from "./act/object-hands.ts";
import { outputLimitOf } from "./output-limit.ts";
import { PipelineMemory } from "./status/memory.ts";
import type { PipelinesMetrics } from "./metrics.ts";
import { Recorder } from "./status/recorder.ts";
import { refusedStatus } from "./status/refused-status.ts";
import { checkedCompile, readPipeline, readPlan } from "./run-plan.ts";
import { queueKey, type Runs, type RunView } from "./runs.ts";
import { writeStatus } from "./status/status.ts";
import { tryOut } from "./act/try-out.ts";

export interface ReconcilerOptions {
  client: Client;
  clock: Clock;
  events: PipelinesRuntime["events"];
  metrics: PipelinesMetrics;
  retried: PipelinesRuntime["retried"];
  limiter: FairLimiter;
  runs: Runs;
  queue: WorkQueue;
  /** The kinds that steps may make beside pods. */
  granted: GrantedKinds;
  /** The pods of a run that are there, and its other objects. */
  podsOf: (uid: string) => readonly TryView[];
  /** The PodDisruptionBudgets of a namespace: the same list as long as none changes. */
  budgetsOf: (namespace: string) => readonly Budget[];
  /** What a pod was seen to use, by its UID. */
  use: (uid: string) => Use | undefined;
}

/** Milliseconds for the statuses that are written at the end. */
const flushTimeout = 5_000;

/** Reconciles one run at a time with what it says: decides, carries out, and keeps its status up. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #compile = cachedCompile(checkedCompile);
  /** What is worked out at length waits for its turn. */
  readonly #turns = new Turns();
  /** Runs begin a few at a time: each may be long, and answers that come together are parsed together. */
  readonly #beginning = new Semaphore(4);
  readonly #recorder: Recorder;
  /** Of runs with steps whose resources go by earlier tries, what their Pipelines remember. */
  readonly #memories = new WeakMap<Engine, PipelineMemory>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#recorder = new Recorder(options);
  }

  async reconcile(key: string, signal: AbortSignal): Promise<void> {
    const { runs } = this.#options;
    const view = runs.view(key);
    if (view === undefined) return;
    try {
      if (view.ended) return await this.#sweep(view, signal);
      if (runs.hasEnded(view.uid)) return;
      const engine = runs.engine(view.uid) ?? (await this.#beginning.run(() => this.#begin(view, signal)));
      if (engine !== undefined) await this.#advance(key, view, engine, signal);
    } catch (error) {
      if (signal.aborted) return;
      // It is gone, and perhaps another of its name has come, which its UID keeps all writes from.
      if ((isNotFound(error) || isConflict(error)) && runs.view(key)?.uid !== view.uid) return runs.forget(view.uid);
      // How a run has ended stays as it is.
      if (!view.ended) await this.#tellWhy(key, view, messageOf(error));
      throw error;
    }
  }

  /**
   * Deletes the objects that a run has left which had ended: its end may have been the last that was done before a crash, or the API
   * server have refused it. Throws an Error, to be called again, where it still does.
   */
  async #sweep(view: RunView, signal: AbortSignal): Promise<void> {
    const left = this.#options.podsOf(view.uid).filter(isLeft);
    const refused = await this.#remove(view, left, signal);
    if (refused.size > 0) throw new Error(`${refused.size} objects are left of the run: ${[...refused.values()][0]}`);
    this.#options.runs.swept(view.uid);
  }

  /** Deletes objects, and tells which of them can't be for now. */
  async #remove(view: RunView, tries: readonly TryView[], signal: AbortSignal): Promise<Map<TryView, string>> {
    if (tries.length === 0) return new Map();
    const refused = await removeAll(this.#hands(signal), tries);
    this.#announce(view, ...undeleted(refused));
    return refused;
  }

  /** One round: decides, carries that out, and writes the status where something waits for that. */
  async #advance(key: string, view: RunView, engine: Engine, signal: AbortSignal): Promise<void> {
    const { clock, queue, runs, budgetsOf } = this.#options;
    const hands = this.#hands(signal);
    if (!engine.hasEnded) {
      await this.#turns.take();
      engine.observeBudgets(budgetsOf(view.namespace), clock.now());
      const decided = engine.decide({ now: clock.now(), cancel: runs.view(key)?.cancel ?? view.cancel });
      const confirm = [...decided.confirm, ...engine.unconfirmed.due(clock.now())];
      engine.unconfirmed.settle(confirm, await confirmAll(hands, view, confirm, engine), clock.now());
      // Nothing of a run goes on when it has ended: all is tried before, and it ends later where that is in vain.
      const remove = [...decided.remove, ...engine.unremoved.due(decided.end === undefined ? clock.now() : Infinity)];
      const refused = await this.#remove(view, remove, signal);
      const goesOn = [...refused].find(([{ state }]) => state.phase === "active");
      // Why its steps were stopped is known only together with its end: all of that is decided again when nothing goes on.
      if (goesOn !== undefined && decided.end !== undefined && decided.isStopped)
        throw new Error(`${whyEnds(decided.end)}, and it ends when nothing of it goes on: ${goesOn[1]}`);
      const decision = goesOn === undefined ? decided : { ...decided, end: undefined };
      engine.unremoved.settle(remove, refused, clock.now());
      const outcome = await this.#create(hands, view, decision.create, engine);
      engine.apply(decision, outcome, clock.now());
      this.#tell(view, engine, decision, outcome);
      this.#tellBlocked(key, outcome);
      await this.#record(key, view, engine, decision.record);
    } else await this.#record(key, view, engine, true);
    const { discarded } = engine.disposal;
    const refused = await this.#remove(view, discarded, signal);
    engine.unremoved.settle(discarded, refused, clock.now());
    engine.disposal.done(discarded.length);
    if (engine.hasEnded && engine.hasUnwritten) return queue.add(key);
    if (engine.hasEnded) {
      const hasLeft = engine.unremoved.size > 0;
      runs.end(view, hasLeft);
      // Else it is swept when its end is seen.
      if (hasLeft && runs.view(key)?.ended) queue.addAfter(key, engine.unremoved.next - clock.now());
      return;
    }
    const now = clock.now();
    if (engine.isDue(now)) queue.add(key);
    else if (engine.nextWake < Infinity) queue.addAfter(key, engine.nextWake - now);
  }

  /** Writes what its status lacks; at its end, first what its Pipeline is to remember: a run that has ended isn't looked at again. */
  async #record(key: string, run: RunIdentity, engine: Engine, isUrgent: boolean): Promise<void> {
    const { client, clock, runs } = this.#options;
    if (engine.hasEnded) {
      const memory = this.#memories.get(engine);
      const why = await memory?.write(client, clock);
      if (why !== undefined) this.#announce(run, forgotten(why));
      // What others have yet to start goes by it, too.
      if (memory?.tries.hasOwn) for (const other of runs.begun) this.#memories.get(other)?.hear(memory);
    }
    await this.#recorder.record(key, run, engine, isUrgent || engine.hasEnded);
  }

  /** Creates tries, pods after the volume that they share. */
  async #create(hands: Hands, run: RunView, creations: readonly Creation[], engine: Engine): Promise<Outcome> {
    const { workspace } = engine.plan;
    if (workspace && creations.some(({ kind }) => kind === undefined) && !engine.hasWorkspace) {
      try {
        await ensureWorkspace(hands, run, renderWorkspace(run, workspace));
        engine.hasWorkspace = true;
      } catch (error) {
        const message = messageOf(error);
        const [pods, others] = [creations.filter(({ kind }) => kind === undefined), creations.filter(({ kind }) => kind !== undefined)];
        const { refused, blocked, ...outcome } = await createAll(hands, run, others, engine);
        const waiting = (more: ReadonlyMap<number, string>, text: string) =>
          new Map([...more, ...pods.map(({ step }) => [step, text] as const)]);
        return isRefusal(error)
          ? { ...outcome, blocked, refused: waiting(refused, `the API server refuses the workspace: ${message}`) }
          : { ...outcome, refused, blocked: waiting(blocked, message) };
      }
    }
    return createAll(hands, run, creations, engine);
  }

  /** Begins a run: reads and checks its pipeline, and takes in what the cluster has of it. Ends the run where its pipeline can't be run. */
  async #begin(view: RunView, signal: AbortSignal): Promise<Engine | undefined> {
    const { client, clock, runs, podsOf } = this.#options;
    const { namespace, name } = view;
    const run: PipelineRun = view.run ?? (await client("pipelineruns.plimsoll.dev").get({ namespace, name }));
    // Another may have come by its name, or another process have ended it: the view tells that, too, if later.
    if (run.metadata.uid !== view.uid || run.status?.finishedAt !== undefined) return undefined;
    await this.#turns.take();
    const now = clock.now();
    const found = await readPlan(client, run, this.#compile, now);
    if ("problems" in found) return this.#refuse(view, run, found.problems, now);
    const ungranted = grantProblems(run, found.plan, this.#options.granted);
    const [first] = ungranted;
    // One that has begun waits, with all that it has made, until its kinds are granted again.
    if (first !== undefined && run.status?.startedAt !== undefined) throw new Error(first.message);
    if (first !== undefined) return this.#refuse(view, run, ungranted, now);
    // What comes late shall not fail late. Once it has started, the pods have been tried.
    const refused = run.status?.startedAt === undefined ? await tryOut(this.#hands(signal), view, found.plan) : [];
    if (refused.length > 0) return this.#refuse(view, run, refused, now);
    const memory = await this.#memoryOf(run, found);
    const sizing = { tries: memory?.tries, use: this.#options.use };
    const engine = new Engine(run, found.plan, now, outputLimitOf(run, found.plan), podsOf(view.uid), sizing);
    if (memory !== undefined) this.#memories.set(engine, memory);
    // A crash must not let the rest of the run follow a Pipeline that has been changed since.
    if (found.read !== undefined) {
      engine.resolve(found.read.spec);
      await this.#recorder.record(queueKey(view), view, engine, true);
    }
    // It may have been deleted meanwhile.
    if (runs.view(queueKey(view))?.uid !== view.uid) return undefined;
    // What has changed while the status was being written.
    if (found.read !== undefined || memory !== undefined) for (const pod of podsOf(view.uid)) engine.observe(pod);
    runs.begin(view.uid, engine);
    view.run = undefined;
    if (run.status?.startedAt === undefined) this.#announce(view, started);
    if (memory !== undefined && memory.tries.unread > 0) this.#announce(view, unreadable(memory.tries.unread));
    return engine;
  }

  /** What the Pipeline that a run names remembers, where that counts. */
  async #memoryOf(
    run: PipelineRun,
    { plan, read }: { plan: Plan; read: Stored<Pipeline> | undefined },
  ): Promise<PipelineMemory | undefined> {
    if (plan.sizedCount === 0 || run.spec.pipelineRef === undefined) return undefined;
    return new PipelineMemory(read ?? (await readPipeline(this.#options.client, run)));
  }

  /** Ends a run whose pipeline can't be run. */
  async #refuse(view: RunView, run: PipelineRun, problems: readonly Problem[], now: number): Promise<undefined> {
    const status = refusedStatus(run, problems, now);
    await writeStatus(this.#options.client, view, status, now);
    this.#options.runs.end(view);
    this.#announce(view, { type: "Warning", reason: "Invalid", action: "Check", note: status.message ?? "" });
  }

  /** Writes what the statuses of the runs under way lack: the program ends. What hangs is not waited for. */
  async flush(): Promise<void> {
    const { runs, clock, retried } = this.#options;
    const written = each(
      width,
      runs.begun.filter(({ hasUnwritten }) => hasUnwritten),
      async (engine) => {
        const { identity } = engine;
        const key = queueKey(identity);
        await this.#record(key, identity, engine, true).catch((error: unknown) => retried(key, error));
      },
    );
    await atMost(flushTimeout, written, clock);
  }

  /** Tells users and metrics what has become of a run by a decision. */
  #tell(view: RunView, engine: Engine, decision: Decision, outcome: Outcome): void {
    const { metrics, clock } = this.#options;
    for (const status of decision.ended.values()) metrics.stepEnded(view, status);
    for (const { reason } of retriesOf(decision)) metrics.retried(view, reason);
    if (decision.end !== undefined) metrics.runEnded(view, decision.end.phase, (clock.now() - engine.startedAt) / 1000);
    this.#announce(view, ...announcementsOf(decision, outcome, engine.plan));
  }

  #announce({ namespace, name, uid }: RunIdentity, ...announcements: readonly Announcement[]): void {
    const run = { apiVersion, kind: "PipelineRun", namespace, name, uid };
    for (const { step, ...announcement } of announcements) {
      const regarding = step === undefined ? run : { ...run, fieldPath: `status.steps{${step}}` };
      this.#options.events.record({ regarding, ...announcement });
    }
  }

  #hands(signal: AbortSignal): Hands {
    const { client, granted, limiter, runs, queue } = this.#options;
    const isStopped = (run: { namespace: string; name: string; uid: string }): boolean => {
      const view = runs.view(queueKey(run));
      return signal.aborted || view?.uid !== run.uid || view.cancel || view.ended;
    };
    const acquire = async (key: string, signal?: AbortSignal): Promise<void> => {
      await limiter.acquire(key, signal);
      queue.goesOn();
    };
    return { client, granted, limiter: { acquire }, signal, isStopped };
  }

  #tellBlocked(key: string, { blocked, deferred }: Outcome): void {
    const [message] = blocked.values();
    if (message !== undefined) this.#options.retried(`${key}, ${blocked.size + deferred.size} of its steps`, new Error(message));
  }

  /** Says in the status what keeps the run from going on, or from beginning. */
  async #tellWhy(key: string, view: RunView, message: string): Promise<void> {
    const { client, clock, runs } = this.#options;
    const engine = runs.engine(view.uid);
    // Of a run whose end is decided, and only not yet written, the message says why it has ended.
    if (engine?.hasEnded) return;
    if (engine !== undefined) {
      engine.setMessage(message);
      // It may be the status that can't be written.
      return this.#recorder.record(key, view, engine, false).catch(() => {});
    }
    if (view.run?.status?.message === message) return;
    // If this fails too, it is written when beginning fails the next time.
    await writeStatus(client, view, { phase: "Pending", message }, clock.now()).catch(() => {});
  }
}

function whyEnds({ phase, message = "it has failed" }: End): string {
  return phase === "Cancelled" ? "it is cancelled" : message;
}
