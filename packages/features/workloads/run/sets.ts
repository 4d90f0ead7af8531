import { findCondition, firstOfProblems, type Problem, type WorkloadSet, type WorkloadSetStatus } from "@plimsoll/api";
import { isConflict, isNotFound, Latest, statusChange, versionOf } from "@plimsoll/kube";
import { isOver } from "../objects/live.ts";
import { keyOf as refKey, type Ref } from "../objects/ref.ts";
import type { Rendered } from "../objects/render.ts";
import type { WorkloadsRuntime } from "../permissions.ts";
import { toldApplied, toldFailure, toldInvalid } from "../told.ts";
import { Claims } from "./claims.ts";
import type { WorkloadsMetrics } from "./metrics.ts";
import { longest, type Objects } from "./objects.ts";
import { Pass } from "./pass.ts";
import { Pauses } from "./pauses.ts";
import type { Renderings } from "./renderings.ts";
import { invalidStatus, statusAfter } from "./status.ts";
import { telling, type Tell } from "../../telling.ts";
import { withoutManagers } from "../../without-managers.ts";

interface Options extends Pick<WorkloadsRuntime, "client" | "clock" | "events"> {
  /** The set of a name with its namespace before it, as the watch shows it. */
  seen: (key: string) => WorkloadSet | undefined;
  /** Has a set reconciled, at once or after some milliseconds. */
  again: (key: string, after: number) => void;
  renderings: Renderings;
  objects: Objects;
  metrics: WorkloadsMetrics;
}

/** How long what was refused is left alone, and an object whose correction is undone; milliseconds. */
const afterFailure = { first: 10_000, longest: 600_000 };
const afterCorrection = { first: 1_000, longest: 300_000 };

/** Reconciles sets: applies what they list, deletes what they don't any more, and writes how that stands. */
export class Sets {
  readonly #options: Options;
  readonly #latest = new Latest<WorkloadSet>(versionOf);
  readonly #claims = new Claims();
  readonly #failures: Pauses;
  readonly #corrections: Pauses;
  /** What was found out about what others have changed, by the object and its version. */
  readonly #explained = new Map<string, Map<string, string>>();
  readonly #tell: Tell;

  constructor(options: Options) {
    this.#options = options;
    this.#failures = new Pauses(options.clock, afterFailure);
    this.#corrections = new Pauses(options.clock, afterCorrection);
    this.#tell = telling("WorkloadSet", (occurrence) => options.events.record(occurrence));
  }

  /** Takes what the inventories of all sets say to be theirs: the older ones' first. */
  begin(sets: readonly WorkloadSet[]): void {
    const age = ({ metadata }: WorkloadSet): string => `${metadata.creationTimestamp ?? ""} ${metadata.uid ?? ""}`;
    for (const set of sets.toSorted((a, b) => (age(a) < age(b) ? -1 : 1)))
      for (const entry of set.status?.inventory ?? []) this.#claims.take(placeOf(set, entry), keyOf(set));
  }

  /** A set is gone: what it had is free. */
  forget(key: string, uid: string): void {
    this.#latest.forget(uid);
    this.#explained.delete(uid);
    this.#failures.forget(uid);
    this.#options.renderings.forget(uid);
    for (const waiting of this.#claims.keep(key, new Set())) this.#options.again(waiting, 0);
  }

  async reconcile(key: string): Promise<void> {
    const seen = this.#options.seen(key);
    // Its objects go with it, by their owner reference.
    if (seen === undefined || seen.metadata.deletionTimestamp !== undefined) return this.#options.objects.forget(key);
    try {
      await this.#advance(this.#latest.of(seen));
    } catch (error) {
      // It is gone, or another of its name has come, which its UID keeps all writes from.
      const now = this.#options.seen(key);
      if ((isNotFound(error) || isConflict(error)) && now?.metadata.uid !== seen.metadata.uid) return;
      throw error;
    }
  }

  async #advance(set: WorkloadSet): Promise<void> {
    const { renderings, clock } = this.#options;
    const { rendered, isNew } = renderings.of(set);
    if ("problems" in rendered) return this.#refuse(set, rendered.problems, isNew);
    const pass = new Pass(set, rendered, { ...this.#options, tell: this.#tell, corrections: this.#corrections });
    if (set.spec.suspend !== true) this.#claim(set, rendered, pass);
    let { apply, prune } = pass.plan();
    if (apply.length + prune.length > 0) {
      const sure = await this.#sure(set);
      if (sure === undefined) return;
      if (sure !== set) return this.#advance(sure);
      // Written before anything is applied: what is made can't be lost, whatever comes between.
      if (pass.inventory.intend(rendered.desired.filter(({ key }) => !pass.failures.has(key))))
        set = await this.#write(set, { ...set.status, inventory: pass.inventory.toList() });
      for (; apply.length + prune.length > 0; { apply, prune } = pass.plan())
        await (apply.length > 0 ? pass.apply(apply) : pass.prune(prune));
    }
    await this.#conclude(set, rendered, pass, clock.now());
  }

  /** Takes the objects that the set lists; those that another has are none of its business. */
  #claim(set: WorkloadSet, { desired }: Rendered, pass: Pass): void {
    const own = keyOf(set);
    for (const { key, ref } of desired) {
      const owner = this.#claims.take(placeOf(set, ref), own);
      if (owner === own) continue;
      pass.fail(key, {
        reason: "Owned",
        message: `it belongs to the WorkloadSet "${owner.slice(owner.indexOf("/") + 1)}": list it in one of them`,
      });
    }
  }

  /** The set as it was last written, read where that isn't known; undefined where it's gone. */
  async #sure(set: WorkloadSet): Promise<WorkloadSet | undefined> {
    const { namespace = "", name = "", uid = "" } = set.metadata;
    if (this.#latest.isSure(set)) return set;
    const read = withoutManagers(await this.#options.client("workloadsets.plimsoll.dev").get({ namespace, name }));
    if (read.metadata.uid !== uid) return undefined;
    this.#latest.set(read);
    return read;
  }

  async #conclude(set: WorkloadSet, { desired }: Rendered, pass: Pass, now: number): Promise<void> {
    const { again } = this.#options;
    const { uid = "", generation = 0 } = set.metadata;
    const plan = pass.plan();
    for (const one of desired) {
      const { key, ref } = one;
      const live = pass.live(ref);
      const entry = pass.inventory.entries.get(key);
      if (live !== undefined) pass.inventory.judged(key, pass.healthOf(live));
      else if (entry !== undefined && !isOver(entry, one)) {
        // What could not be applied may be there all the same, as somebody else's.
        const message = pass.failures.has(key) ? "it isn't applied" : "it isn't there";
        pass.inventory.judged(key, { state: "Progressing", message });
      }
    }
    const drift = await this.#explain(uid, plan.drifted, pass);
    const outcome = { plan, inventory: pass.inventory, failures: pass.failures, drift };
    const before = findCondition(set.status, "Applied");
    const written = await this.#write(set, statusAfter(set, outcome, now));
    for (const other of this.#claims.keep(keyOf(set), new Set([...pass.inventory.entries.values()].map((entry) => placeOf(set, entry)))))
      again(other, 0);
    this.#options.objects.takenIn(keyOf(set), pass.gone);
    if (pass.applied.length > 0) this.#tell(set, toldApplied(pass.applied));
    const after = findCondition(written.status, "Applied");
    if (pass.failures.size > 0 && (after?.message !== before?.message || after?.reason !== before?.reason))
      this.#tell(set, toldFailure(after?.reason ?? "Failed", after?.message ?? ""));
    const transient = [...pass.failures.values()].find(({ error }) => error !== undefined);
    if (transient !== undefined) throw transient.error;
    if (pass.failures.size > 0) again(keyOf(set), this.#failures.begin(`${uid}/${generation}`));
    else this.#failures.forget(`${uid}/${generation}`);
    if (pass.again !== Infinity) again(keyOf(set), pass.again);
    // What was applied, and gone before the watch told of it.
    if (pass.hasApplied) again(keyOf(set), longest + 1_000);
  }

  /** What others have changed, by key; asked for once for each version of an object. */
  async #explain(uid: string, drifted: ReturnType<Pass["plan"]>["drifted"], pass: Pass): Promise<Map<string, string>> {
    const known = this.#explained.get(uid);
    const drift = new Map<string, string>();
    const kept = new Map<string, string>();
    for (const one of drifted) {
      const { key, ref } = one.desired;
      const version = `${key} ${pass.live(ref)?.version ?? ""}`;
      const text = known?.get(version) ?? (await pass.explain(one));
      drift.set(key, text);
      kept.set(version, text);
    }
    if (kept.size > 0) this.#explained.set(uid, kept);
    else this.#explained.delete(uid);
    return drift;
  }

  async #refuse(set: WorkloadSet, problems: readonly Problem[], isNew: boolean): Promise<void> {
    if (isNew) this.#tell(set, toldInvalid(firstOfProblems(problems)));
    await this.#write(set, invalidStatus(set, problems, this.#options.clock.now()));
  }

  /** Gives the set as it is then. */
  async #write(set: WorkloadSet, status: WorkloadSetStatus): Promise<WorkloadSet> {
    const change = statusChange(set.status, JSON.parse(JSON.stringify(status)) as object);
    if (change === undefined) return set;
    const { namespace = "", name = "", uid } = set.metadata;
    const client = this.#options.client("workloadsets.plimsoll.dev/status");
    const written = withoutManagers(await client.patch({ namespace, name }, { metadata: { uid }, status: change }));
    this.#latest.set(written);
    return written;
  }
}

function keyOf({ metadata: { namespace = "", name = "" } }: WorkloadSet): string {
  return `${namespace}/${name}`;
}

function placeOf({ metadata: { namespace = "" } }: WorkloadSet, ref: Ref): string {
  return `${namespace}/${refKey(ref)}`;
}
