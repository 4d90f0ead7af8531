import { appliedConfidence, findCondition, firstOfProblems, parseDuration, type Recommendation } from "@plimsoll/api";
import { isConflict, isNotFound, Latest, Slice, statusChange, versionOf, type View } from "@plimsoll/kube";
import { matches, type Budget } from "@plimsoll/model";
import { Assignment, groupOf, keyOf, sizingLabel, type KnownOwner, type Workload } from "@plimsoll/model/sizing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import { telling, type Tell } from "../../telling.ts";
import type { ResizingConfig } from "../config.ts";
import { readChange, type Change } from "../decide/change.ts";
import { appliedStatus, notApplied, type AppliedStatus } from "../decide/status.ts";
import { wantedBy } from "../decide/wanted.ts";
import { openness, windowProblems, type RecurrenceOf } from "../decide/window.ts";
import { decideWorkload } from "../decide/workload.ts";
import type { Rules, Situation, WorkloadDecision } from "../decide/situation.ts";
import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import type { ResizingRuntime } from "../permissions.ts";
import { toldChanged, toldRefused, toldTakenBack } from "../told.ts";
import { Hands } from "./hands.ts";
import type { ResizingMetrics } from "./metrics.ts";
import { Refusals } from "./refusals.ts";
import { withoutCheckpoints, type AppliedPolicy } from "./policy.ts";

/** For how long what was seen says what is to be asked for now, in milliseconds. */
const stale = 60 * 60_000;

/** What the cluster has. */
export interface Seen {
  policies: View<never, AppliedPolicy, "namespace">;
  pods: View<Pod, ResizablePod, "namespace">;
  budgets: View<PodDisruptionBudget, Budget, "namespace">;
  owner: KnownOwner;
  /** By the kind of Kubernetes' own. */
  template: (kind: string, namespace: string, name: string) => Template | undefined;
}

export interface ReconcilerOptions {
  runtime: Pick<ResizingRuntime, "client" | "clock" | "events">;
  config: ResizingConfig;
  seen: Seen;
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

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#refusals = new Refusals(options.runtime.clock);
    this.#hands = new Hands(options.runtime, this.#refusals);
    this.#tell = telling("RightSizingPolicy", (occurrence) => options.runtime.events.record(occurrence));
  }

  forgetPolicy(uid: string): void {
    this.#latest.forget(uid);
  }

  /** What the API server has said of a pod or a template counts no more. */
  forgetRefusal(uid: string): void {
    this.#refusals.forget(uid);
  }

  async reconcile(namespace: string, name: string): Promise<void> {
    const { seen, runtime, recurrenceOf, again } = this.#options;
    const found = seen.policies.get(namespace, name);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    const policy = this.#latest.of(found);
    const now = runtime.clock.now();
    const { mode = "recommend" } = policy.spec;
    if (mode === "recommend") {
      // One that never was applied says nothing of that.
      const was = findCondition(policy.status, "Applying");
      if (was !== undefined) await this.#write(policy, notApplied(policy, now, "Recommend", "its mode is recommend: nothing is changed"));
      return;
    }
    const problems = windowProblems(policy, recurrenceOf);
    if (problems.length > 0) {
      await this.#write(policy, notApplied(policy, now, "Invalid", firstOfProblems(problems)));
      return;
    }
    const open = openness(policy, recurrenceOf, now);
    const rules = this.#rulesOf(policy, mode, open);
    const workloads = await this.#workloadsOf(policy, rules, now);
    const decisions = workloads.situations.map((situation) => ({ situation, decision: decideWorkload(situation, rules, now) }));
    const changes = decisions.flatMap(({ decision }) => [...decision.changes.values()]);
    const standing = {
      changes,
      hindrances: decisions.flatMap(({ decision }) => decision.hindrances),
      unsure: workloads.unsure,
      minConfidence: policy.spec.minConfidence ?? appliedConfidence,
    };
    // What isn't written isn't done: else nobody would know what to take back.
    if (!(await this.#write(policy, appliedStatus(policy, standing, now)))) return;
    for (const { situation, decision } of decisions) this.#announce(policy, situation, decision);
    const wakeAt = Math.min(open.until ?? Infinity, ...decisions.map(({ decision }) => decision.wakeAt));
    if (wakeAt < Infinity) again(`${namespace}/${name}`, Math.max(0, wakeAt - now));
    await this.#act(policy, decisions);
  }

  #rulesOf(policy: AppliedPolicy, mode: Rules["mode"], { isOpen, until }: ReturnType<typeof openness>): Rules {
    const { config } = this.#options;
    const { minChange = 10, downOnly = false, respectBudgets = true } = policy.spec;
    return {
      mode,
      minChange,
      downOnly,
      respectBudgets,
      closed: closedBy(policy, isOpen, until),
      settle: parseDuration(config.settle),
      watch: parseDuration(config.watch),
      hold: parseDuration(config.hold),
    };
  }

  /** What the policy has a recommendation for, as it stands. */
  async #workloadsOf(policy: AppliedPolicy, { mode, minChange }: Rules, now: number): Promise<{ situations: Situation[]; unsure: number }> {
    const { seen } = this.#options;
    const { namespace = "" } = policy.metadata;
    const pods = await this.#podsOf(policy);
    const changes = new Map((policy.status?.changes ?? []).map((change) => [change.key, readChange(change)]));
    const least = policy.spec.minConfidence ?? appliedConfidence;
    const budgets = mode === "recreate" ? seen.budgets.by("namespace", namespace) : [];
    let unsure = 0;
    const situations = [...Map.groupBy(policy.status?.recommendations ?? [], (one) => keyOf({ ...one, namespace }, ""))].flatMap(
      ([key, recommendations]): Situation[] => {
        const [first] = recommendations;
        if (first === undefined) return [];
        const workload: Workload = { ...first, namespace };
        const own = pods.get(key) ?? [];
        const advice = new Map(
          recommendations.map((one) => {
            const key = keyOf(workload, one.container);
            const isSure = one.confidence >= least && isOfNow(one, now);
            if (one.target !== undefined && !isSure) unsure += 1;
            return [one.container, { key, wanted: isSure ? wantedBy(one, changes.get(key), minChange) : undefined }];
          }),
        );
        const known = recommendations.flatMap(({ container }): [string, Change][] => {
          const change = changes.get(keyOf(workload, container));
          return change === undefined ? [] : [[container, change]];
        });
        const template = isOwn(first.apiVersion) ? seen.template(first.kind, namespace, first.name) : undefined;
        const labels = new Set(own.filter(({ isOver }) => !isOver).map(({ shape }) => shape.labels));
        return [
          {
            title: `${first.kind}/${first.name}${first.step === undefined ? "" : `, step ${first.step}`}`,
            pods: own,
            template,
            advice,
            changes: new Map(known),
            budgets: budgets.filter(({ selector }) => labels.values().some((some) => matches(selector, some))),
            refused: this.#refusals.of([...own.map(({ uid }) => uid), ...(template === undefined ? [] : [template.uid])]),
          },
        ];
      },
    );
    return { situations, unsure };
  }

  /** The pods that the policy has, by the keys of their workloads. */
  async #podsOf({ metadata: { namespace = "", uid } }: AppliedPolicy): Promise<Map<string, ResizablePod[]>> {
    const { seen } = this.#options;
    const isCarriedOut = (one: AppliedPolicy): boolean =>
      one.metadata.deletionTimestamp === undefined && findCondition(one.status, "Valid")?.status !== "False";
    const policies = seen.policies.by("namespace", namespace).filter(isCarriedOut);
    const assignment = new Assignment(policies, seen.owner);
    const found = new Map<string, ResizablePod[]>();
    const slice = new Slice(this.#options.runtime.clock);
    for (const pod of seen.pods.by("namespace", namespace)) {
      if (slice.isOver) await slice.turn();
      const assigned = assignment.of(pod);
      // A step that goes by its own pods' use is sized by its pipeline.
      const isSized = pod.shape.isOptedOut || pod.shape.labels[sizingLabel] !== undefined;
      if (assigned?.policy.metadata.uid !== uid || isSized) continue;
      const key = keyOf(assigned.workload, "");
      const those = found.get(key) ?? [];
      found.set(key, those);
      those.push(pod);
    }
    return found;
  }

  #announce(policy: AppliedPolicy, { title, changes: before }: Situation, { changes }: WorkloadDecision): void {
    for (const [container, { at, from, to, takenBack }] of changes) {
      const known = before.get(container);
      const what = `${title}, container ${container}`;
      if (takenBack !== undefined && (known?.takenBack === undefined || (takenBack.whole && !known.takenBack.whole))) {
        this.#options.metrics.takenBack();
        this.#tell(policy, toldTakenBack(what, takenBack.why));
      } else if (known?.at !== at) {
        this.#options.metrics.changed();
        this.#tell(policy, toldChanged(what, from, to));
      }
    }
  }

  /** Does what was decided, of each workload whatever comes of the others; throws at the end what went wrong. */
  async #act(policy: AppliedPolicy, decisions: readonly { situation: Situation; decision: WorkloadDecision }[]): Promise<void> {
    const { namespace, name } = policy.metadata;
    const failures: unknown[] = [];
    for (const { situation, decision } of decisions) {
      try {
        const refusals = await this.#hands.carryOut(decision);
        this.#options.metrics.refused(refusals.size);
        for (const [object, message] of refusals) this.#tell(policy, toldRefused(`${situation.title}, ${object}`, message));
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
      return true;
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      return false;
    }
  }
}

function isOwn(apiVersion: string): boolean {
  return ["apps", "batch"].includes(groupOf(apiVersion));
}

/** Whether the recommendation is one of now: its workload's use was seen in the last hour, or it is one whose pods come and go. */
function isOfNow({ kind, pods, seenAt }: Recommendation, now: number): boolean {
  return kind === "CronJob" || pods === 0 || seenAt === undefined || now - Date.parse(seenAt) < stale;
}

/** What keeps a policy from changing anything now. */
function closedBy({ metadata, status }: AppliedPolicy, isOpen: boolean, until: number | undefined): string | undefined {
  if (findCondition(status, "Valid")?.status === "False") return "the policy can't be carried out as it is written";
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return "the policy was changed, and what is recommended by it isn't known yet";
  if (findCondition(status, "MetricsAvailable")?.status !== "True") return "metrics.k8s.io doesn't answer";
  if (isOpen) return undefined;
  return until === undefined ? "its windows open no more" : `its windows are closed until ${new Date(until).toISOString().slice(0, 16)}Z`;
}
