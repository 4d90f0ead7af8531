import type { WorkloadSet } from "@plimsoll/api";
import { ApiError, type Clock, type Handler, type Occurrence, type Stored } from "@plimsoll/kube";
import { Registry } from "prom-client";
import type { ConfiguredKind } from "../../configured.ts";
import { annotations, labels } from "../labels.ts";
import type { Live } from "../objects/live.ts";
import { digestOf } from "../objects/digest.ts";
import type { Health } from "../../health.ts";
import { WorkloadsMetrics } from "../run/metrics.ts";
import type { ObjectKind } from "../run/object-kind.ts";
import { Objects } from "../run/objects.ts";
import { Renderings } from "../run/renderings.ts";
import { Sets } from "../run/sets.ts";

/** What the process comes to that is killed. */
export class Died extends Error {
  override name = "Died";
}

/** Gives a whole number from 0 up to, but not including, the one given. */
export type Choose = (below: number) => number;

type Metadata = { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };

const kinds: readonly ConfiguredKind[] = [
  { apiVersion: "v1", kind: "ConfigMap", resource: "configmaps" },
  { apiVersion: "batch/v1", kind: "Job", resource: "jobs" },
];

/**
 * A small model of the API server, its watches, a clock and a controller that may die at any write: before it is carried out, or after, so that
 * the answer is lost. What the watches tell comes late.
 */
export class World {
  now = 1_000_000;
  /** By name. */
  readonly sets = new Map<string, Stored<WorkloadSet>>();
  readonly objects = new Map<string, Live>();
  readonly notes: string[] = [];
  requests = 0;
  /** Writes until the controller dies; Infinity: it doesn't. */
  writesLeft = Infinity;
  /** Whether the watches tell of a write before its answer comes. */
  tellsFirst = false;
  /** Why the API server takes no such object. */
  readonly refusals = new Map<string, (body: object, force: boolean) => void>();
  /** How objects stand that were just made; without it, well. */
  readonly health = new Map<string, Health>();
  /** What waits to be reconciled, and from when. */
  readonly queue = new Map<string, number>();
  /** What holds at every moment. */
  readonly invariants: (() => void)[] = [];
  readonly #choose: Choose;
  #told = new Map<string, Live>();
  /** How objects were when somebody deleted them, by UID. */
  readonly #last = new Map<string, Live>();
  /** What the watches had shown before. */
  #earlier: { seen: Map<string, WorkloadSet>; told: Map<string, Live> } = { seen: new Map(), told: new Map() };
  #seen = new Map<string, WorkloadSet>();
  #handlers: Handler<Live>[] = [];
  #version = 1;
  #sets: Sets;

  constructor(choose: Choose = () => 0) {
    this.#choose = choose;
    this.#sets = this.#begin();
  }

  /** A user writes a set. */
  write(name: string, spec: WorkloadSet["spec"]): void {
    const before = this.sets.get(name);
    const generation = (before?.metadata.generation ?? 0) + 1;
    const uid = before?.metadata.uid ?? `${name}-${this.#next()}`;
    const metadata = {
      namespace: "ns",
      name,
      uid,
      generation,
      resourceVersion: String(this.#next()),
      creationTimestamp: String(this.#version),
    };
    this.sets.set(name, {
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "WorkloadSet",
      metadata,
      spec,
      ...(before?.status && { status: before.status }),
    });
    this.queue.set(`ns/${name}`, this.now);
  }

  /** Somebody else changes an object; `field` is what they take. */
  change(key: string, by: string): void {
    const live = this.objects.get(key);
    if (live === undefined) return;
    this.#store(key, { ...live, fields: `taken by ${by}` });
  }

  /** An object comes to stand otherwise. */
  become(key: string, state: Health["state"]): void {
    const live = this.objects.get(key);
    if (live !== undefined) this.#store(key, { ...live, health: { state, message: undefined } });
  }

  remove(key: string): void {
    const live = this.objects.get(key);
    if (live !== undefined) this.#last.set(live.uid, live);
    this.objects.delete(key);
  }

  /** The watches catch up, or that of the objects alone. */
  tell(what: "all" | "objects" = "all"): void {
    this.#earlier = { seen: this.#seen, told: this.#told };
    if (what === "all") this.#seen = new Map(this.sets);
    const before = this.#told;
    this.#told = new Map(this.objects);
    for (const handler of this.#handlers) {
      for (const [key, object] of this.#told) {
        const old = before.get(key);
        if (old === object) continue;
        handler(old === undefined ? { type: "add", object } : { type: "update", old, object });
      }
      for (const [key, old] of before) if (!this.#told.has(key)) handler({ type: "delete", old, object: this.#last.get(old.uid) ?? old });
    }
  }

  /** Everything happens until nothing more does. */
  async settle(rounds = 50): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      this.tell();
      const due = [...this.queue].filter(([, at]) => at <= this.now).map(([key]) => key);
      if (due.length === 0) return;
      for (const key of due) await this.round(key);
    }
    throw new Error(`it doesn't come to rest: ${this.notes.slice(-5).join("; ")}`);
  }

  /** The controller does one round on a set, and begins anew where it dies in it. */
  async round(key: string): Promise<void> {
    this.queue.delete(key);
    try {
      await this.#sets.reconcile(key);
    } catch (error) {
      this.queue.set(key, this.now);
      if (!(error instanceof Died)) return;
      this.writesLeft = Infinity;
      // A new leader's caches are filled, perhaps with what was so a moment ago, or before that.
      const age = this.#choose(3);
      if (age === 0) this.tell();
      if (age === 2) [this.#seen, this.#told] = [this.#earlier.seen, this.#earlier.told];
      this.#sets = this.#begin();
      for (const name of this.sets.keys()) this.queue.set(`ns/${name}`, this.now);
    }
  }

  #begin(): Sets {
    const clock: Clock = {
      now: () => this.now,
      monotonic: () => this.now,
      sleep: (_ms, signal) => new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("over")))),
      turn: () => Promise.resolve(),
    };
    this.#handlers = [];
    const objects = new Objects(
      kinds.map((kind) => this.#kind(kind)),
      clock,
    );
    objects.on((namespace, set) => this.queue.set(`${namespace}/${set}`, this.now));
    const none = (): number => 0;
    const seen = (key: string): WorkloadSet | undefined => this.#seen.get(key.replace("ns/", ""));
    const sets = new Sets({
      clock,
      objects,
      metrics: new WorkloadsMetrics(new Registry(), { sets: none, invalid: none, objects: none, unlike: none }),
      renderings: new Renderings({ language: () => undefined, kinds, source: () => undefined, seen }),
      events: { record: ({ note }: Occurrence) => void this.notes.push(note) },
      seen,
      again: (key, after) => void this.queue.set(key, Math.min(this.queue.get(key) ?? Infinity, this.now + after)),
      client: (() => ({
        get: ({ name }: { name: string }) => this.#read(() => this.sets.get(name)),
        patch: ({ name }: { name: string }, patch: { status: object }) =>
          this.#write(() => {
            const set = this.sets.get(name);
            if (set === undefined) throw new Error("there is no such set");
            const merged = Object.entries({ ...set.status, ...patch.status }).filter(([, value]) => value !== null);
            const written = {
              ...set,
              metadata: { ...set.metadata, resourceVersion: String(this.#next()) },
              status: Object.fromEntries(merged),
            };
            this.sets.set(name, written);
            return written;
          }),
      })) as never,
    });
    sets.begin([...this.#seen.values()]);
    return sets;
  }

  #kind(configured: ConfiguredKind): ObjectKind {
    const keyFor = (name: string): string => `${configured.kind}/${name}`;
    const taken = (name: string, body: object, force: boolean): Live => {
      const key = keyFor(name);
      this.refusals.get(key)?.(body, force);
      const before = this.objects.get(key);
      const [, by] = /^taken by (.*)/.exec(before?.fields ?? "") ?? [];
      if (by !== undefined && !force) throw conflict(by);
      const { metadata } = body as { metadata: Metadata };
      return {
        apiVersion: configured.apiVersion,
        kind: configured.kind,
        namespace: "ns",
        name,
        uid: before?.uid ?? `${key}-${this.#next()}`,
        version: this.#next(),
        set: metadata.labels?.[labels.set] ?? "",
        applied: metadata.annotations?.[annotations.applied] ?? "",
        fields: digestOf(body),
        isDeleting: false,
        health: before?.health ?? this.health.get(key) ?? { state: "Healthy", message: undefined },
        object: undefined,
      };
    };
    return {
      configured,
      view: {
        get: (_namespace: string, name: string) => this.#told.get(keyFor(name)),
        on: (handler: Handler<Live>) => {
          const own: Handler<Live> = (event) => (event.object.kind === configured.kind ? handler(event) : undefined);
          this.#handlers.push(own);
        },
        size: 0,
      } as never,
      apply: ({ name }, body, { force, dryRun = false }) => {
        if (dryRun) return this.#read(() => taken(name, body, force));
        return this.#write(() => {
          const live = taken(name, body, force);
          this.objects.set(keyFor(name), live);
          return live;
        });
      },
      tryNew: (_place, body) => this.#read(() => this.refusals.get(`new ${configured.kind}`)?.(body, false)),
      find: ({ name }) => this.#read(() => this.objects.get(keyFor(name))),
      remove: ({ name }, uid) =>
        this.#write(() => {
          const live = this.objects.get(keyFor(name));
          if (live === undefined) throw new ApiError("DELETE", 404, { reason: "NotFound", details: { name } });
          if (live.uid !== uid) throw new ApiError("DELETE", 409, { reason: "Conflict" });
          this.objects.delete(keyFor(name));
        }),
    };
  }

  #store(key: string, live: Live): void {
    this.objects.set(key, { ...live, version: this.#next() });
  }

  #next(): number {
    this.#version += 1;
    return this.#version;
  }

  #read<T>(look: () => T): Promise<T> {
    this.requests += 1;
    return new Promise((resolve) => resolve(look()));
  }

  /** Where it dies, either nobody has seen the write, or it was carried out and nobody has seen the answer. */
  async #write<T>(carryOut: () => T): Promise<T> {
    this.requests += 1;
    this.writesLeft -= 1;
    const done = (): T => {
      const result = carryOut();
      for (const holds of this.invariants) holds();
      if (this.tellsFirst) this.tell("objects");
      return result;
    };
    if (this.writesLeft > 0) return done();
    if (this.writesLeft === 0 && this.#choose(2) === 0) done();
    this.writesLeft = 0;
    throw new Died();
  }
}

function conflict(manager: string): ApiError {
  const causes = [{ reason: "FieldManagerConflict", message: `conflict with "${manager}" using v1`, field: ".data.a" }];
  return new ApiError("PATCH", 409, { reason: "Conflict", message: "Apply failed with 1 conflict", details: { causes } });
}
