import type { PipelineRun } from "@plimsoll/api";
import type { Cache } from "@plimsoll/kube";
import type { Engine } from "./engine.ts";

/** What the controller keeps of a run; of one that has ended, only that. */
export interface RunView {
  namespace: string;
  name: string;
  uid: string;
  ended: boolean;
  /** Grows with each change of the spec. */
  generation: number | undefined;
  run: PipelineRun | undefined;
}

export function viewRun(run: PipelineRun): RunView {
  const { namespace = "", name = "", uid = "" } = run.metadata;
  const ended = run.status?.finishedAt !== undefined || run.metadata.deletionTimestamp !== undefined;
  return { namespace, name, uid, ended, generation: run.metadata.generation, run: ended ? undefined : run };
}

/** By which a run stands in the queues. */
export function keyOf({ namespace, name }: Pick<RunView, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

/** The runs that are carried on, by their UID; another may come under the name of one that is gone. */
export class Runs {
  readonly #cache: Pick<Cache<PipelineRun, RunView>, "get">;
  readonly #engines = new Map<string, Engine>();
  /** Runs whose end has been decided, but not yet been seen in the cache. */
  readonly #ended = new Set<string>();

  constructor(cache: Pick<Cache<PipelineRun, RunView>, "get">) {
    this.#cache = cache;
  }

  /** How many are carried on. */
  get size(): number {
    return this.#engines.size;
  }

  view(key: string): RunView | undefined {
    const slash = key.indexOf("/");
    return this.#cache.get(key.slice(0, slash), key.slice(slash + 1));
  }

  engine(uid: string): Engine | undefined {
    return this.#engines.get(uid);
  }

  begin(uid: string, engine: Engine): void {
    this.#engines.set(uid, engine);
  }

  /** Nothing more is decided of it. */
  end(uid: string): void {
    this.#ended.add(uid);
  }

  hasEnded(uid: string): boolean {
    return this.#ended.has(uid);
  }

  /** Its status is complete. */
  rest(uid: string): void {
    this.#engines.delete(uid);
  }

  /** It has been seen to be over, or gone. */
  forget(uid: string): void {
    this.#engines.delete(uid);
    this.#ended.delete(uid);
  }
}
