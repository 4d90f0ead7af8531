import type { Creation, Decision, Outcome } from "../decide/decision.ts";
import type { Engine } from "../run/engine.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { podKind } from "../step/pod/kind.ts";
import type { TryView } from "../step/kind.ts";
import { failed, succeeded } from "./tries.ts";

/** How often an item's pod fails before one succeeds, and what that one writes. */
export type Outcomes = (step: string, item: number) => { failures: number; output?: string };

/** Gives a whole number from 0 up to, but not including, the one given. */
export type Choose = (below: number) => number;

/**
 * A small model of the API server, the kubelet and a watch. What is created runs, and fails as often as the outcome says. The watch tells
 * each object's changes in order.
 */
export class World {
  readonly #outcome: Outcomes;
  /** Whether the next creation is blocked. */
  readonly #isBlocked: () => boolean;
  readonly #pods = new Map<string, TryView>();
  readonly #failures = new Map<string, number>();
  #untold: { view: TryView; gone: boolean }[] = [];
  /** Every pod that was ever created, in order. */
  readonly created: string[] = [];
  /** Pods that somebody has deleted. */
  readonly deleted: string[] = [];

  constructor(outcome: Outcomes, isBlocked: () => boolean = () => false) {
    this.#outcome = outcome;
    this.#isBlocked = isBlocked;
  }

  /** Whether nothing will happen any more unless a pod is created. */
  get idle(): boolean {
    return this.running.length === 0 && this.#untold.length === 0;
  }

  get running(): TryView[] {
    return [...this.#pods.values()].filter(({ state }) => state.phase === "active");
  }

  get pods(): TryView[] {
    return [...this.#pods.values()];
  }

  /** By step and item, how often a pod has failed. */
  get failures(): ReadonlyMap<string, number> {
    return this.#failures;
  }

  /** Carries out a decision as the controller does. Throws when an item gets a second pod beside one that runs. */
  act(decision: Decision, engine: Engine): Outcome {
    for (const missing of decision.confirm) {
      const found = this.pods.find(
        ({ step, item, try: number }) => step === engine.plan.steps[missing.step]?.name && item === missing.item && number === missing.try,
      );
      if (found) engine.observe(found);
      else engine.vanished(missing);
    }
    for (const { name } of decision.remove) this.delete(name);
    const made = new Set<Creation>();
    const blocked = new Map<number, string>();
    for (const creation of decision.create) {
      if (blocked.has(creation.step)) continue;
      if (this.#isBlocked()) blocked.set(creation.step, "exceeded quota");
      else {
        engine.made(this.#create(creation));
        made.add(creation);
      }
    }
    return { made, blocked, refused: new Map(), deferred: new Map() };
  }

  /** One thing happens: a pod ends, or the watch tells a change. */
  tick(choose: Choose, engine: Engine): void {
    const deeds = [
      ...this.running.map((pod) => () => this.#end(pod)),
      ...(this.#untold.length > 0 ? [() => this.#tell(engine), () => this.#tell(engine)] : []),
    ];
    deeds[choose(deeds.length)]?.();
  }

  /** All that there is, as a fresh list gives it; what the watch had not told is lost. */
  list(): TryView[] {
    this.#untold = [];
    return this.pods;
  }

  /** A pod is deleted, and gone at once. */
  delete(name: string): void {
    const pod = this.#pods.get(name);
    if (pod === undefined) return;
    this.#pods.delete(name);
    this.deleted.push(name);
    this.#untold.push({ view: pod, gone: true });
  }

  /** The node of a pod is removed: Kubernetes fails the pod, unless it has ended, and deletes it in the same moment. */
  removeNode(name: string): void {
    const pod = this.#pods.get(name);
    if (pod?.state.phase === "active")
      this.#put({
        ...pod,
        state: { phase: "failed", failure: { reason: "Disruption", message: "disrupted: PodGC: node no longer exists" } },
      });
    this.delete(name);
  }

  #create({ object }: Creation): TryView {
    const { metadata = {} } = object;
    const view = podKind.view({
      ...(object as Pod),
      metadata: { ...metadata, creationTimestamp: "1970-01-01T00:00:00Z", uid: `${metadata.name}-${this.created.length}` },
    });
    if (view === undefined) throw new Error("no run's pod");
    const existing = this.#pods.get(view.name);
    if (existing !== undefined) return existing;
    const other = this.running.find(({ step, item }) => step === view.step && item === view.item);
    if (other !== undefined) throw new Error(`${view.name} is created beside ${other.name}`);
    this.created.push(view.name);
    this.#put(view);
    return view;
  }

  #end(pod: TryView): void {
    const key = `${pod.step}/${pod.item}`;
    const before = this.#failures.get(key) ?? 0;
    const { failures, output = "" } = this.#outcome(pod.step, pod.item);
    if (before < failures) {
      this.#failures.set(key, before + 1);
      this.#put({ ...pod, state: failed(before + 1) });
    } else this.#put({ ...pod, state: succeeded(output) });
  }

  #put(pod: TryView): void {
    this.#pods.set(pod.name, pod);
    this.#untold.push({ view: pod, gone: false });
  }

  #tell(engine: Engine): void {
    const [event] = this.#untold.splice(0, 1);
    if (event) engine.observe(event.view, event.gone);
  }
}
