import type { ControllerView } from "./controller.ts";
import type { Owner } from "./owner.ts";
import type { PodView } from "./pod.ts";

/** What a pod belongs to. */
export interface Workload {
  kind: string;
  namespace: string;
  name: string;
}

/** The run that a pod belongs to. */
export interface RunOfPod {
  namespace: string;
  name: string;
  /** The Pipeline that the run names; empty where it holds its own. */
  pipeline: string;
}

/** Owners don't own each other in circles, but the API server wouldn't mind. */
const longest = 8;

/** Whose owner is whose, and so to what a pod belongs in the end. */
export class Owners {
  readonly #byUid = new Map<string, ControllerView>();

  /** `pods`: among which some may own others, as a Spark driver its executors. */
  constructor(controllers: Iterable<ControllerView> = [], pods: readonly PodView[] = []) {
    for (const controller of controllers) this.set(controller);
    const owning = new Set(pods.flatMap(({ owner }) => (owner?.kind === "Pod" ? [owner.uid] : [])));
    if (owning.size === 0) return;
    for (const { namespace, name, uid, owner } of pods) if (owning.has(uid)) this.set({ kind: "Pod", namespace, name, uid, owner });
  }

  set(controller: ControllerView): void {
    this.#byUid.set(controller.uid, controller);
  }

  delete({ uid }: ControllerView): void {
    this.#byUid.delete(uid);
  }

  /** The topmost owner, as far as owners are known: a pod that nobody controls is its own. */
  workloadOf({ namespace, name, owner }: Pick<PodView, "namespace" | "name" | "owner">): Workload {
    const top = this.chainOf(owner).at(-1);
    return top === undefined ? { kind: "Pod", namespace, name } : { kind: top.kind, namespace, name: top.name };
  }

  /** The PipelineRun that a pod is of; undefined: of none. */
  runOf({ namespace, owner }: Pick<PodView, "namespace" | "owner">): RunOfPod | undefined {
    const run = this.chainOf(owner).find(({ kind, apiVersion }) => kind === "PipelineRun" && apiVersion.startsWith("plimsoll.dev/"));
    return run && { namespace, name: run.name, pipeline: this.#byUid.get(run.uid)?.pipeline ?? "" };
  }

  /** An owner, its owner, and so on. */
  chainOf(owner: Owner | undefined): Owner[] {
    const chain: Owner[] = [];
    for (let next = owner; next !== undefined && chain.length < longest; next = this.#byUid.get(next.uid)?.owner) chain.push(next);
    return chain;
  }
}
