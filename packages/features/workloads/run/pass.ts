import type { InventoryEntry, WorkloadSet } from "@plimsoll/api";
import { each, messageOf } from "@plimsoll/kube";
import { plan, type Plan, type Stood } from "../decide/plan.ts";
import type { Health } from "../../health.ts";
import { bodyOf, type SetIdentity } from "../objects/body.ts";
import { identityOf } from "../objects/desired.ts";
import type { Live } from "../objects/live.ts";
import { keyOf, titleOf, type Ref } from "../objects/ref.ts";
import type { Rendered } from "../objects/render.ts";
import type { Tell } from "../../telling.ts";
import { toldCorrected, toldLeft, toldPruned, toldReplaced } from "../told.ts";
import { conflictsIn, failureOf, isImmutable, said, type Failure } from "./failure.ts";
import { Inventory } from "./inventory.ts";
import type { WorkloadsMetrics } from "./metrics.ts";
import type { Objects } from "./objects.ts";

/** Objects of a set that are applied at once. */
const width = 10;

export interface Surroundings {
  objects: Objects;
  metrics: WorkloadsMetrics;
  tell: Tell;
  /** Milliseconds for which an object has to be left alone, as its correction was undone before; and that it is corrected now. */
  corrections: { left: (key: string) => number; begin: (key: string) => number };
}

/** One round of work on a set: what was done in it, and what could not be. */
export class Pass {
  readonly #set: WorkloadSet;
  readonly #identity: SetIdentity;
  readonly #rendered: Rendered;
  readonly #with: Surroundings;
  readonly inventory: Inventory;
  /** How objects were when they went, by key. */
  readonly gone: ReadonlyMap<string, Live>;
  /** By key. */
  readonly failures = new Map<string, Failure>();
  readonly #held = new Set<string>();
  /** What was applied, but for corrections. */
  readonly applied: string[] = [];
  /** Whether anything was, corrections too. */
  hasApplied = false;
  /** Milliseconds after which to look again; Infinity: when something happens. */
  again = Infinity;

  constructor(set: WorkloadSet, rendered: Rendered, surroundings: Surroundings) {
    this.#set = set;
    this.#identity = identityOf(set);
    this.#rendered = rendered;
    this.#with = surroundings;
    this.inventory = new Inventory(set.status?.inventory);
    this.gone = surroundings.objects.gone(`${this.#identity.namespace}/${this.#identity.name}`);
    // One that came to its end and went at once may never have been seen so.
    for (const [key, live] of this.gone)
      if (this.inventory.entries.get(key)?.uid === live.uid) this.inventory.judged(key, this.healthOf(live));
  }

  /** What is to be done next. */
  plan(): Plan {
    const { driftPolicy = "correct", suspend: isSuspended = false } = this.#set.spec;
    const { desired } = this.#rendered;
    const refs = new Map(desired.map(({ key, ref }) => [key, ref]));
    return plan({
      setUid: this.#identity.uid,
      desired,
      entries: this.inventory.entries,
      live: (key) => this.live(refs.get(key)),
      healthOf: (live) => this.healthOf(live).state,
      driftPolicy,
      isSuspended,
      held: this.#held,
    });
  }

  healthOf(live: Live): Health {
    const judge = live.object && this.#rendered.judges.get(`${live.apiVersion} ${live.kind}`);
    return judge && live.object ? judge(live.object) : live.health;
  }

  /** What the object is known to be. */
  live(ref: Ref | undefined): Live | undefined {
    return ref && this.#with.objects.live(this.#identity.namespace, ref);
  }

  /** Says that an object can't be applied in this round. */
  fail(key: string, failure: Failure): void {
    this.failures.set(key, failure);
    this.#held.add(key);
  }

  async apply(stood: readonly Stood[]): Promise<void> {
    await each(width, stood, (one) => this.#apply(one));
  }

  async #apply({ desired, standing }: Stood): Promise<void> {
    const { objects, metrics, tell, corrections } = this.#with;
    const { namespace } = this.#identity;
    const { key, ref } = desired;
    const kind = objects.kind(ref);
    if (kind === undefined) return this.fail(key, notGranted(ref));
    const isCorrection = standing === "drifted" || standing === "missing";
    const place = `${namespace}/${key}`;
    if (isCorrection) {
      const left = corrections.left(place);
      if (left > 0) {
        this.again = Math.min(this.again, left);
        return void this.#held.add(key);
      }
      corrections.begin(place);
    }
    const body = bodyOf(desired.object, this.#identity);
    const send = (force: boolean): Promise<Live> => objects.apply(kind, namespace, body, { name: ref.name, force });
    let how = standing === "missing" ? "somebody had deleted it" : "somebody had changed it";
    try {
      const live = await send(this.#set.spec.conflicts === "force").catch((error: unknown) => {
        const conflicts = conflictsIn(error);
        // All of it was the set's before: only what was taken from it is taken back.
        if (conflicts.length === 0 || standing !== "drifted") throw error;
        how = conflicts.join(", ");
        return send(true);
      });
      this.inventory.applied(desired, live);
      // Once a round, whatever has become of it on its way.
      this.#held.add(key);
      this.hasApplied = true;
      metrics.applied(isCorrection ? "corrected" : "applied");
      if (isCorrection) tell(this.#set, toldCorrected({ ...ref, uid: live.uid }, how));
      else this.applied.push(titleOf(ref));
    } catch (error) {
      if (isImmutable(error) && this.#set.spec.onImmutable === "replace") return this.#replace(desired, kind, body, error);
      this.fail(key, failureOf(error));
      metrics.applied("failed");
    }
  }

  /** Deletes an object that can't become what it should be, once it's known that the API server would take the new one. */
  async #replace(
    { key, ref }: Stood["desired"],
    kind: NonNullable<ReturnType<Objects["kind"]>>,
    body: object,
    why: unknown,
  ): Promise<void> {
    const { objects, metrics, tell } = this.#with;
    const place = { namespace: this.#identity.namespace, name: ref.name };
    const live = this.live(ref);
    if (live === undefined) return this.fail(key, failureOf(why));
    try {
      await kind.tryNew(place, body);
      await objects.remove(kind, place, live.uid, "Foreground");
      metrics.replaced();
      tell(this.#set, toldReplaced({ ...ref, uid: live.uid }, said(why)));
      this.#held.add(key);
    } catch (error) {
      const { message, ...failure } = failureOf(error);
      this.fail(key, { ...failure, message: `it can't be replaced: ${message}` });
    }
  }

  /** Deletes what the set doesn't list any more. */
  async prune(entries: readonly InventoryEntry[]): Promise<void> {
    await each(width, entries, (entry) => this.#prune(entry));
  }

  async #prune(entry: InventoryEntry): Promise<void> {
    const { objects, metrics, tell } = this.#with;
    const { namespace, uid: setUid } = this.#identity;
    const kind = objects.kind(entry);
    if (kind === undefined) return this.fail(keyOf(entry), notGranted(entry));
    const place = { namespace, name: entry.name };
    try {
      let { uid } = entry;
      if (uid === undefined) {
        // It was to be applied; whether it was, its annotation says.
        const found = this.live(entry) ?? (await kind.find(place));
        uid = found?.applied.startsWith(`${setUid}.`) ? found.uid : undefined;
      }
      const result = uid === undefined ? "gone" : await objects.remove(kind, place, uid, "Background");
      this.inventory.drop(entry);
      if (result === "deleted") {
        metrics.pruned();
        tell(this.#set, toldPruned(entry));
      } else if (result === "another") tell(this.#set, toldLeft(entry));
    } catch (error) {
      const { message, ...failure } = failureOf(error);
      this.fail(keyOf(entry), { ...failure, message: `it can't be deleted: ${message}` });
    }
  }

  /** Which of an object's fields others hold, by a dry run; for what is only told. */
  async explain({ desired, standing }: Stood): Promise<string> {
    if (standing === "missing") return "somebody has deleted it";
    const kind = this.#with.objects.kind(desired.ref);
    if (kind === undefined) return notGranted(desired.ref).message;
    const place = { namespace: this.#identity.namespace, name: desired.ref.name };
    try {
      await kind.apply(place, bodyOf(desired.object, this.#identity), { force: false, dryRun: true });
      return "somebody has taken fields away";
    } catch (error) {
      const conflicts = conflictsIn(error);
      return conflicts.length > 0 ? conflicts.join(", ") : messageOf(error);
    }
  }
}

function notGranted({ apiVersion, kind }: Omit<Ref, "name">): Failure {
  const message = `${kind} of ${apiVersion} isn't among features.workloads.kinds of the controller's configuration any more: add it there`;
  return { reason: "NotGranted", message };
}
