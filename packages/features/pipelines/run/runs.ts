import { parseDuration, type PipelineRun, type Ttl } from "@plimsoll/api";
import { splitKey, type View } from "@plimsoll/kube";
import type { RunIdentity } from "../step/labels.ts";
import type { Engine } from "./engine.ts";

/** What is kept of a run beside its engine. */
export interface RunView extends RunIdentity {
  /** Grows with each change of the spec. */
  generation: number | undefined;
  cancel: boolean;
  /** Whether its end stands in its status, or it is being deleted: then nothing more is to be done for it. */
  ended: boolean;
  deleting: boolean;
  /** When it is to be deleted, in milliseconds since 1970; undefined: never. */
  expiresAt: number | undefined;
  phase: string;
  /** The Pipeline that it names; empty for one that holds its own. */
  pipeline: string;
  /** The run itself, until its engine begins: of one that was listed it is read then, as very many may have been. */
  run: PipelineRun | undefined;
}

/** `keep` says whether the run itself is kept. */
export function viewRun(run: PipelineRun, keep: boolean): RunView {
  const { namespace = "", name = "", uid = "", generation, deletionTimestamp } = run.metadata;
  const deleting = deletionTimestamp !== undefined;
  const ended = run.status?.finishedAt !== undefined || deleting;
  return {
    namespace,
    name,
    uid,
    generation,
    cancel: run.spec.cancel ?? false,
    ended,
    deleting,
    expiresAt: deleting ? undefined : expiryOf(run),
    phase: run.status?.phase ?? "Pending",
    pipeline: run.spec.pipelineRef?.name ?? "",
    run: keep && !ended ? run : undefined,
  };
}

function expiryOf({ spec, status }: PipelineRun): number | undefined {
  const ttl: Ttl = { ...(spec.pipeline ?? status?.pipeline)?.ttl, ...spec.ttl };
  const { finishedAt, phase } = status ?? {};
  const text = { Succeeded: ttl.succeeded, Failed: ttl.failed, Cancelled: ttl.cancelled }[phase as string];
  return finishedAt === undefined || text === undefined ? undefined : Date.parse(finishedAt) + parseDuration(text);
}

/** By which a run stands in the queues. */
export function queueKey({ namespace, name }: Pick<RunView, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

/** The runs that are reconciled, by their UID; another may come under the name of one that is gone. */
export class Runs {
  readonly #cache: Pick<View<PipelineRun, RunView>, "get">;
  /** Undefined for a run whose end is written, though the cache may not have seen that yet. */
  readonly #left = new Set<string>();
  readonly #states = new Map<string, Engine | undefined>();

  constructor(cache: Pick<View<PipelineRun, RunView>, "get">) {
    this.#cache = cache;
  }

  view(key: string): RunView | undefined {
    return this.#cache.get(...splitKey(key));
  }

  engine(uid: string): Engine | undefined {
    return this.#states.get(uid);
  }

  /** The runs that are under way here. */
  get begun(): Engine[] {
    return [...this.#states.values()].filter((engine) => engine !== undefined);
  }

  begin(uid: string, engine: Engine): void {
    this.#states.set(uid, engine);
  }

  /** Its end has been written; `hasLeft`: objects of it have still to be deleted. */
  end(view: RunIdentity, hasLeft = false): void {
    if (hasLeft) this.#left.add(view.uid);
    const seen = this.view(queueKey(view));
    // The cache may have been faster.
    if (seen?.uid === view.uid && !seen.ended) this.#states.set(view.uid, undefined);
    else this.#states.delete(view.uid);
  }

  /** Whether objects of a run that has ended have still to be deleted. */
  hasLeft(uid: string): boolean {
    return this.#left.has(uid);
  }

  /** What it had left is deleted, or goes with it. */
  swept(uid: string): void {
    this.#left.delete(uid);
  }

  hasEnded(uid: string): boolean {
    return this.#states.has(uid) && this.#states.get(uid) === undefined;
  }

  /** It has been seen to be over, or gone. */
  forget(uid: string): void {
    this.#states.delete(uid);
  }
}
