import { appliedConfidence, findCondition, firstOfProblems, parseDuration, type SizeChange } from "@plimsoll/api";
import { isConflict, isNotFound, Latest, statusChange, versionOf } from "@plimsoll/kube";
import { Contest } from "../../contest.ts";
import { telling, toldContested, type Tell } from "../../telling.ts";
import type { ResizingConfig } from "../config.ts";
import { isOpen, madeOf, readChange } from "../decide/change.ts";
import { onlyRecommended, rulesOf } from "../decide/rules.ts";
import { appliedStatus, notApplied, type AppliedStatus } from "../decide/status.ts";
import { openness, windowProblems, type RecurrenceOf } from "../decide/window.ts";
import { decideWorkload } from "../decide/workload.ts";
import type { Situation, WorkloadDecision } from "../decide/situation.ts";
import type { ResizingRuntime } from "../permissions.ts";
import { toldChanged, toldRefused, toldTakenBack } from "../told.ts";
import { formerOf, formerPause } from "./former.ts";
import type { Claims } from "./claims.ts";
import { Hands } from "./hands.ts";
import type { ResizingMetrics } from "./metrics.ts";
import { withoutCheckpoints, type AppliedPolicy } from "./policy.ts";
import { Refusals } from "./refusals.ts";
import type { Seen } from "./seen.ts";
import { situationsOf } from "./situations.ts";

export interface ReconcilerOptions {
  runtime: Pick<ResizingRuntime, "client" | "clock" | "events">;
  config: ResizingConfig;
  seen: Seen;
  claims: Claims;
  recurrenceOf: RecurrenceOf;
  metrics: ResizingMetrics;
  /** Asks for a policy to be looked at again after so many milliseconds. */
  again: (key: string, after: number) => void;
}

/** Applies one policy at a time: decides about each of its workloads, says so in its status, and then does it. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #latest = new Latest<AppliedPolicy>(versionOf);
  readonly #refusals: Refusals;
  readonly #hands: Hands;
  readonly #tell: Tell;
  readonly #contest: Contest;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#refusals = new Refusals(options.runtime.clock);
    this.#hands = new Hands(options.runtime, this.#refusals);
    this.#contest = new Contest(options.runtime.clock);
    this.#tell = telling("RightSizingPolicy", (occurrence) => options.runtime.events.record(occurrence));
  }

  forgetPolicy(uid: string): void {
    this.#latest.forget(uid);
    this.#contest.forget(uid);
  }

  /** What the API server has said of a pod or a template counts no more. */
  forgetRefusal(uid: string): void {
    this.#refusals.forget(uid);
  }

  async reconcile(namespace: string, name: string): Promise<void> {
    const { seen, claims, config, runtime, recurrenceOf, again } = this.#options;
    const found = seen.policies.get(namespace, name);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    const policy = this.#latest.of(found);
    const { left, isContested } = this.#contest.seen(policy.metadata.uid, policy.metadata.resourceVersion, () => saidIn(policy));
    if (isContested) this.#tell(policy, toldContested("Resize"));
    if (left > 0) {
      again(`${namespace}/${name}`, left);
      return;
    }
    const now = runtime.clock.now();
    const problems = windowProblems(policy, recurrenceOf);
    if (problems.length > 0) {
      await this.#write(policy, notApplied(policy, now, "Invalid", firstOfProblems(problems)));
      return;
    }
    const { mode = "recommend" } = policy.spec;
    const isLeft = (change: SizeChange): boolean => !isOpen(readChange(change), parseDuration(config.watch), now);
    if (mode === "recommend" && (policy.status?.changes ?? []).every(isLeft)) {
      // One that never was applied says nothing of that.
      const was = findCondition(policy.status, "Applying");
      if (was !== undefined) await this.#write(policy, notApplied(policy, now, "Recommend", onlyRecommended));
      return;
    }
    const open = openness(policy, recurrenceOf, now);
    const rules = rulesOf(policy, open, config);
    const workloads = situationsOf(policy, await claims.of(policy), { ...seen, refusals: this.#refusals }, rules, now);
    const former = formerOf(policy, { ...seen, refusals: this.#refusals }, rules, now);
    const decisions = [...workloads.situations, ...former.situations].map((situation) => ({
      situation,
      decision: decideWorkload(situation, rules, now),
    }));
    const changes = [...decisions.flatMap(({ decision }) => [...decision.changes.values()]), ...former.podless];
    const standing = {
      changes,
      hindrances: [...decisions.flatMap(({ decision }) => decision.hindrances), ...workloads.unapplied],
      unsure: workloads.unsure,
      unseen: workloads.unseen,
      minConfidence: policy.spec.minConfidence ?? appliedConfidence,
    };
    // What isn't written isn't done: else nobody would know what to take back.
    if (!(await this.#write(policy, appliedStatus(policy, standing, now)))) return;
    for (const { situation, decision } of decisions) this.#announce(policy, situation, decision);
    const isUntold = mode === "recommend" || former.situations.length > 0 || former.podless.length > 0;
    const wakeAt = Math.min(
      open.until ?? Infinity,
      isUntold ? now + formerPause : Infinity,
      ...decisions.map(({ decision }) => decision.wakeAt),
    );
    if (wakeAt < Infinity) again(`${namespace}/${name}`, Math.max(0, wakeAt - now));
    await this.#act(policy, decisions);
  }

  #announce(policy: AppliedPolicy, { title: workload, about, changes: before }: Situation, { changes }: WorkloadDecision): void {
    const [changed, back]: [Parameters<typeof toldChanged>[1][number][], Parameters<typeof toldTakenBack>[1][number][]] = [[], []];
    for (const [container, change] of changes) {
      const { takenBack } = change;
      const known = before.get(container);
      const [was, made] = [known && madeOf(known), madeOf(change)];
      const title = `${workload}, container ${container}`;
      if (takenBack !== undefined && (known?.takenBack === undefined || (takenBack.whole && !known.takenBack.whole))) {
        this.#options.metrics.takenBack();
        back.push({ title, ...takenBack });
      } else if (made !== undefined && was?.at !== made.at) {
        this.#options.metrics.changed();
        changed.push({ title, ...made });
      }
    }
    if (back.length > 0) this.#tell(policy, toldTakenBack(about, back));
    if (changed.length > 0) this.#tell(policy, toldChanged(about, changed));
  }

  /** Does what was decided, of each workload whatever comes of the others; throws at the end what went wrong. */
  async #act(policy: AppliedPolicy, decisions: readonly { situation: Situation; decision: WorkloadDecision }[]): Promise<void> {
    const { namespace, name } = policy.metadata;
    const failures: unknown[] = [];
    for (const { situation, decision } of decisions) {
      try {
        const refusals = await this.#hands.carryOut(decision);
        this.#options.metrics.refused(refusals.size);
        for (const [object, message] of refusals)
          this.#tell(policy, toldRefused(situation.about, `${situation.title}, ${object}`, message));
        if (refusals.size > 0) this.#options.again(`${namespace}/${name}`, 1_000);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Whether the status says so now. Of another version, the policy is looked at again when that is seen. */
  async #write(policy: AppliedPolicy, status: AppliedStatus): Promise<boolean> {
    const { client } = this.#options.runtime;
    const { namespace = "", name = "", uid, resourceVersion } = policy.metadata;
    const { changes, conditions } = policy.status ?? {};
    const change = statusChange({ ...(changes && { changes }), ...(conditions && { conditions }) }, status);
    if (change === undefined) return true;
    try {
      const written = await client("rightsizingpolicies.plimsoll.dev/status").patch(
        { namespace, name },
        { metadata: { uid, resourceVersion }, status: change },
      );
      this.#latest.set(withoutCheckpoints(written));
      this.#contest.wrote(uid, written.metadata.resourceVersion, saidIn(written));
      return true;
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      return false;
    }
  }
}

/** What this feature says in a policy's status. */
function saidIn({ status }: AppliedPolicy): unknown {
  const { status: is, reason, message } = findCondition(status, "Applying") ?? {};
  return [status?.changes ?? [], is, reason, message];
}
