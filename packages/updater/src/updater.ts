import { systemClock, type Clock, type Sender } from "@plimsoll/kube";
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import type { Cluster } from "./cluster/cluster.ts";
import { onlyIn } from "./cluster/manifest.ts";
import type { Revision } from "./cluster/revision.ts";
import { workloadsOf } from "./cluster/workload.ts";
import { durationsOf, type UpdaterConfig } from "./config.ts";
import { decide, type Decision, type State } from "./decide.ts";
import { healthOf, type Running } from "./health/health.ts";
import { HelmError, type Helm } from "./helm.ts";
import { withFailure, type Memory } from "./memory.ts";
import { prepare, type Plan } from "./prepare.ts";
import { fetchIndex, ReleaseError } from "./releases/fetch.ts";
import { newest } from "./releases/release-index.ts";
import type { Reporter, Outcome } from "./report.ts";
import { missing } from "./rights/missing.ts";

export interface UpdaterOptions {
  config: UpdaterConfig;
  sender: Sender;
  helm: Helm;
  cluster: Cluster;
  reporter: Reporter;
  /** The name of the updater's own roles. */
  role: string;
  /** The Job that this is a pod of. */
  job: string | undefined;
  dryRun: boolean;
  /** Where it may write files. */
  folder: string;
  log: Logger;
  clock?: Clock;
  signal: AbortSignal;
}

/** Milliseconds from one look at what runs to the next. */
const pause = 1_000;

/** Milliseconds until the API server is taken to know of a role's new rights. */
const spread = 10_000;

type End = Extract<Decision, { do: "end" }>;

/** One look: decides by what is there, acts, and looks again, until there is nothing more to do. It may be cut off anywhere. */
export class Updater {
  readonly #options: UpdaterOptions;
  readonly #clock: Clock;
  #memory: Memory = { serial: 0, failed: [] };
  #running: Running[] = [];
  #revisions: Revision[] = [];
  #plan: Plan | undefined;
  #offer: State["offer"];

  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Throws what keeps it from going on, such as an ApiError; then it is to be run again. */
  async run(): Promise<End> {
    const { cluster, config, job, dryRun, log, signal } = this.#options;
    const openedAt = job === undefined ? undefined : await cluster.openedAt(job);
    const { window, health: healthTimeout } = durationsOf(config);
    this.#memory = await cluster.memory();
    await this.#read();
    for (;;) {
      signal.throwIfAborted();
      if (await this.#isFollowed()) await this.#read();
      await this.#see();
      const decision = decide({
        now: this.#clock.now(),
        revisions: this.#revisions,
        memory: this.#memory,
        health: healthOf(this.#running),
        healthTimeout,
        windowEnds: openedAt === undefined ? undefined : openedAt + window,
        ...(this.#offer && { offer: this.#offer }),
        ...(this.#plan && { hindrance: this.#plan.hindrance }),
      });
      if (decision.do !== "wait") log.info(shown(decision), decision.do);
      if (dryRun && decision.do !== "look" && decision.do !== "prepare") return ended(decision);
      if (decision.do === "end") {
        await this.#tell({ status: decision.ok ? "True" : "False", reason: decision.reason, message: decision.message });
        return decision;
      }
      const end = await this.#act(decision);
      if (end) return end;
    }
  }

  /** What Helm has. */
  async #read(): Promise<void> {
    this.#revisions = await this.#options.cluster.revisions(this.#options.config.release);
  }

  /** Whether somebody has had Helm begin another revision since. */
  async #isFollowed(): Promise<boolean> {
    const newest = this.#revisions.at(-1);
    return newest !== undefined && this.#options.cluster.isRevision(this.#options.config.release, newest.number + 1);
  }

  /** What runs. */
  async #see(): Promise<void> {
    const objects = this.#revisions.at(-1)?.objects ?? [];
    this.#running = await this.#options.cluster.running(workloadsOf(objects));
  }

  async #act(decision: Exclude<Decision, End>): Promise<End | undefined> {
    switch (decision.do) {
      case "look":
        return this.#look();
      case "prepare":
        return this.#prepare(decision);
      case "upgrade":
        return this.#upgrade(decision);
      case "forward":
        if (this.#memory.attempt === undefined) await this.#tellRepair(decision.why);
        return this.#helm((helm) => helm.rollback(decision.revision));
      case "rollback":
        return this.#rollback(decision);
      case "settle":
        return this.#settle(decision);
      case "wait":
        await this.#tell({
          status: "Unknown",
          reason: decision.reason,
          message: `${decision.message.split(": ")[0]}: it is seen whether it works`,
        });
        await this.#clock.sleep(pause, this.#options.signal);
    }
    return undefined;
  }

  async #look(): Promise<undefined> {
    const { config, signal } = this.#options;
    const present = this.#revisions.at(-1)?.version ?? "";
    try {
      const index = await fetchIndex({ ...config, serial: this.#memory.serial, now: this.#clock.now(), signal });
      await this.#remember({ ...this.#memory, serial: index.serial });
      this.#offer = { release: newest(index.releases, present, config) };
    } catch (error) {
      if (!(error instanceof ReleaseError)) throw error;
      this.#offer = { reason: error.reason, message: error.message };
    }
  }

  async #prepare({ release, present }: Extract<Decision, { do: "prepare" }>): Promise<undefined> {
    const { config, cluster, helm, role, folder, signal } = this.#options;
    const { namespace, release: name, escalate } = config;
    this.#plan = await prepare({
      release,
      present,
      running: this.#running,
      cluster,
      helm,
      role,
      namespace,
      name,
      escalate,
      folder,
      signal,
    });
  }

  async #upgrade({ release, from, over }: Extract<Decision, { do: "upgrade" }>): Promise<End | undefined> {
    const { version, chart } = release;
    const startedAt = new Date(this.#clock.now()).toISOString();
    const plan = this.#plan;
    if (plan === undefined) throw new TypeError("an upgrade was decided on that isn't prepared");
    await this.#tell({ status: "Unknown", reason: "Updating", message: `${version} is being installed, in place of ${from.version}` });
    await this.#remember({ ...this.#memory, attempt: { version, digest: chart.digest, from: from.number, over, startedAt } });
    await this.#widen(plan);
    // Whether it comes true is seen from what is there then.
    this.#plan = undefined;
    this.#offer = undefined;
    return this.#helm((helm) => helm.upgrade(plan.chart, plan.dropped));
  }

  /** Takes the rights that the release's objects need; Helm would need them before it has given them. */
  async #widen({ widened, changes }: Plan): Promise<void> {
    const { cluster, helm, signal } = this.#options;
    for (const role of widened) await cluster.widen(role);
    const places = [...new Set(changes.all.flatMap(({ metadata }) => metadata.namespace ?? []))];
    for (
      const end = this.#clock.monotonic() + spread;
      widened.length > 0 && this.#clock.monotonic() < end;
      await this.#clock.sleep(100, signal)
    )
      if (missing(changes, await cluster.held(places), { createsByName: helm.appliesInServer }).length === 0) return;
  }

  async #rollback({ to, why, pause }: Extract<Decision, { do: "rollback" }>): Promise<End | undefined> {
    if (pause !== undefined) {
      await this.#clock.sleep(pause, this.#options.signal);
      if (await this.#isFollowed()) return undefined;
    }
    const { attempt } = this.#memory;
    const newest = this.#revisions.at(-1);
    const target = this.#revisions.find(({ number }) => number === to);
    if (newest === undefined || target === undefined)
      throw new Error(`revision ${to}, to go back to, is no longer kept by Helm: install a release by hand`);
    if (attempt === undefined) await this.#tellRepair(why);
    else {
      // What was cut off gets its time anew; what Helm fails in again and again comes to an end.
      const before = pause === undefined ? undefined : attempt.back?.startedAt;
      const startedAt = before ?? new Date(this.#clock.now()).toISOString();
      await this.#tell({
        status: "False",
        reason: "RollingBack",
        message: `${attempt.version} doesn't work (${why}): going back to ${target.version}`,
      });
      await this.#remember({
        ...this.#memory,
        attempt: { ...attempt, back: { why: attempt.back?.why ?? why, startedAt, over: newest.number } },
      });
    }
    for (const object of onlyIn(newest.objects, target.objects)) await this.#options.cluster.delete(object);
    return this.#helm((helm) => helm.rollback(to));
  }

  async #settle(decision: Extract<Decision, { do: "settle" }>): Promise<undefined> {
    const { attempt, ...rest } = this.#memory;
    const { reason, message } = decision;
    const isFailed = decision.reason !== "Updated" && attempt !== undefined;
    await this.#remember(isFailed ? withFailure(rest, attempt, decision, this.#clock.now()) : rest);
    await this.#tell({ status: reason === "Updated" ? "True" : "False", reason, message });
  }

  /** Has Helm do something. What came of it is read from the release; where that is as before, there is nothing more to do in this run. */
  async #helm(work: (helm: Helm) => Promise<void>): Promise<End | undefined> {
    const { helm, log } = this.#options;
    const before = this.#revisions.at(-1);
    let failure: HelmError | undefined;
    try {
      await work(helm);
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      failure = error;
      log.warn({ err: error }, "Helm has failed");
    }
    await this.#read();
    const after = this.#revisions.at(-1);
    if (failure === undefined || after?.number !== before?.number) return undefined;
    await this.#see();
    await this.#tell({ status: "False", reason: "HelmFailed", message: failure.message });
    return { do: "end", reason: "HelmFailed", message: failure.message, ok: false, again: true };
  }

  async #tellRepair(why: string): Promise<void> {
    await this.#tell({ status: "Unknown", reason: "Repairing", message: why });
  }

  async #tell(outcome: Outcome): Promise<void> {
    await this.#options.reporter.tell(this.#running, outcome);
  }

  async #remember(memory: Memory): Promise<void> {
    if (isDeepStrictEqual(memory, this.#memory)) return;
    if (!this.#options.dryRun) await this.#options.cluster.remember(memory);
    this.#memory = memory;
  }
}

/** What a dry run says instead of doing it. */
function ended(decision: Exclude<Decision, { do: "look" | "prepare" }>): End {
  if (decision.do === "end") return decision;
  const what =
    decision.do === "upgrade"
      ? `${decision.release.version} would be installed, in place of ${decision.from.version}`
      : JSON.stringify(shown(decision));
  return { do: "end", reason: decision.do, message: what, ok: true, again: false };
}

/** A decision for the log: a revision's objects aren't of interest. */
function shown({ do: _, ...decision }: Decision): object {
  if ("release" in decision) return { release: decision.release.version };
  return decision;
}
