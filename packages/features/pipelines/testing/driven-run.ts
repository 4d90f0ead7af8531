import type { PipelineRun, PipelineSpec, RunStatus, SizedTry, StepStatus } from "@plimsoll/api";
import type { Use } from "@plimsoll/model/sizing";
import type { Creation, Decision, Outcome } from "../decide/decision.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { compile } from "../plan/plan.ts";
import { Engine } from "../run/engine.ts";
import { KnownTries } from "../sizing/known-tries.ts";
import type { TryState, TryView } from "../step/kind.ts";
import { merged } from "./merged.ts";
import { active, failed, succeeded, tryOf } from "./tries.ts";

/** A run of which a test says what happens to its pods, one thing after the other. */
export class DrivenRun {
  engine: Engine;
  status: RunStatus = {};
  /** What was decided last. */
  decision!: Decision;
  /** Names of all pods removed so far. */
  readonly removed: string[] = [];
  problems: Decision["problems"] = [];
  /** Names of all pods created so far. */
  readonly created: string[] = [];
  /** All creations so far. */
  readonly creations: (Creation & { object: Pod })[] = [];
  /** Seconds since the run's start. */
  seconds = 0;
  cancel = false;
  /** Why a pod can't be created for now, if so. */
  blocks: (pod: string) => string | undefined;
  /** Why a pod is refused for good, if so. */
  refuses: (pod: string) => string | undefined = () => undefined;
  /** What the API server has when it is asked for a pod that was not seen. */
  there = new Map<string, TryView>();
  /** Whether what is decided is written. */
  writes = true;
  /** What pods were seen to use, by their UIDs. */
  readonly uses = new Map<string, Use>();
  readonly #spec: PipelineRun["spec"];
  readonly #tried: Readonly<Record<string, readonly SizedTry[]>>;

  /** `tried`: how earlier runs' tries went, by step. */
  constructor(
    pipeline: PipelineSpec,
    params: Record<string, unknown> = {},
    blocks: DrivenRun["blocks"] = () => undefined,
    tried: Readonly<Record<string, readonly SizedTry[]>> = {},
  ) {
    this.blocks = blocks;
    this.#tried = tried;
    this.#spec = { pipeline, params };
    const result = compile({ pipeline, params });
    if ("problems" in result) throw new Error(JSON.stringify(result.problems));
    this.engine = new Engine(this.#run, result.plan, 0, 512 * 1024, [], this.#sizing);
    this.decide();
  }

  get #sizing() {
    const tries = new KnownTries();
    for (const [step, tried] of Object.entries(this.#tried)) for (const one of tried) tries.learn(step, one);
    return { tries, use: (uid: string) => this.uses.get(uid) };
  }

  get #run(): PipelineRun {
    return {
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "PipelineRun",
      metadata: { name: "run", namespace: "ns", uid: "uid" },
      spec: this.#spec,
      status: this.status,
    };
  }

  /** Decides and carries out, as long as there is more to decide. */
  decide(): this {
    this.problems = [];
    for (let rounds = 0; rounds < 100; rounds += 1) {
      this.round();
      if (!this.engine.isDue(this.seconds * 1000)) return this;
    }
    throw new Error("there is always more to decide");
  }

  /** One decision, carried out and written. */
  round(): void {
    const now = this.seconds * 1000;
    if (this.engine.hasEnded) return;
    this.decision = this.engine.decide({ now, cancel: this.cancel });
    this.removed.push(...this.decision.remove.map(({ name }) => name));
    this.problems = [...this.problems, ...this.decision.problems];
    for (const missing of this.decision.confirm) {
      const step = this.engine.plan.steps[missing.step];
      const name = tryOf(step?.name ?? "", step?.fanned ? missing.item : undefined, { try: missing.try }).name;
      const found = this.there.get(name);
      if (found) this.engine.observe(found);
      else this.engine.vanished(missing);
    }
    const outcome = this.#create(this.decision.create);
    this.engine.apply(this.decision, outcome, now);
    const { discarded } = this.engine.disposal;
    this.removed.push(...discarded.map(({ name }) => name));
    this.engine.disposal.done(discarded.length);
    if (this.writes) this.write();
  }

  #create(creations: readonly Creation[]): Outcome {
    const made = new Set<Creation>();
    const blocked = new Map<number, string>();
    const refused = new Map<number, string>();
    for (const creation of creations) {
      const { step, item, object } = creation;
      const name = object.metadata?.name ?? "";
      const refusal = refused.get(step) ?? this.refuses(name);
      if (refusal !== undefined) {
        refused.set(step, refusal);
        continue;
      }
      const message = blocked.get(step) ?? this.blocks(name);
      if (message !== undefined) {
        blocked.set(step, message);
        continue;
      }
      this.created.push(name);
      this.creations.push(creation as Creation & { object: Pod });
      const plan = this.engine.plan.steps[step];
      this.engine.made(tryOf(plan?.name ?? "", plan?.fanned ? item : undefined, { try: creation.try }));
      made.add(creation);
    }
    return { made, blocked, refused, deferred: new Map() };
  }

  /** Writes what the status lacks. */
  write(): void {
    if (!this.engine.hasUnwritten) return;
    const { change, steps } = this.engine.takeUnwritten();
    this.status = merged(this.status, change);
    this.engine.recorded(steps);
  }

  /** The controller begins anew: it knows the status, without the entries that are lost, and these pods. */
  restart(pods: readonly TryView[] = [], ...lost: string[]): void {
    const steps = Object.fromEntries(Object.entries(this.status.steps ?? {}).filter(([name]) => !lost.includes(name)));
    this.status = { ...this.status, steps };
    this.engine = new Engine(this.#run, this.engine.plan, this.seconds * 1000, 512 * 1024, pods, this.#sizing);
  }

  /** The script of a try that was created. */
  scriptOf(name: string): string | undefined {
    return this.creations.find(({ object }) => object.metadata?.name === name)?.object.metadata?.annotations?.["plimsoll.dev/script"];
  }

  entry(step: string): StepStatus | undefined {
    return this.status.steps?.[step];
  }

  /** The newest try of a step, or of one of its items, that was created. */
  podOf(step: string, item?: number, state: TryState = active): TryView {
    const prefix = item === undefined ? `run--${step}--` : `run--${step}--${item}--`;
    const own = this.created.filter((name) => name.startsWith(prefix));
    return tryOf(step, item, { try: Math.max(1, own.length), state });
  }

  /** The newest try is in this state now; then all is decided anew. */
  pod(step: string, state: TryState, item?: number, more: Partial<TryView> = {}): this {
    this.engine.observe({ ...this.podOf(step, item, state), ...more });
    return this.decide();
  }

  succeed(step: string, text = "", item?: number): this {
    return this.pod(step, succeeded(text), item);
  }

  fail(step: string, item?: number, exitCode = 1): this {
    return this.pod(step, failed(exitCode), item);
  }

  /** The newest try was deleted, being in this state. */
  delete(step: string, item?: number, state: TryState = active): this {
    this.engine.observe(this.podOf(step, item, state), true);
    return this.decide();
  }

  /** Time passes, and all is decided as often as was asked for. */
  until(seconds: number): this {
    this.decide();
    for (let rounds = 0; rounds < 10_000; rounds += 1) {
      const next = this.engine.nextWake / 1000;
      if (next > seconds) break;
      this.seconds = Math.max(this.seconds, next);
      this.decide();
    }
    this.seconds = seconds;
    return this.decide();
  }
}
