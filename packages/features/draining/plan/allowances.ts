import { matches, type Budget, type Cluster, type PodShape, type PodView } from "@plimsoll/model";
import type { DrainRequest } from "./request.ts";

/** What budgets say to a pod's eviction. */
export type Allowance =
  /** None has a say. */
  | { kind: "free" }
  /** One allows it, and then allows one less. */
  | { kind: "counts"; budget: Budget }
  | { kind: "later"; budget: Budget }
  | { kind: "blocked"; why: "many" | "scale" | "zero" | "replicas"; budgets: readonly Budget[] };

/**
 * What budgets have left, as the eviction API of Kubernetes 1.36 would see it: its own dry run doesn't count what was asked before, and says
 * of budgets that will never allow anything that they don't yet.
 */
export class Allowances {
  readonly #budgets: (namespace: string) => readonly Budget[];
  readonly #over = new Map<PodShape, Map<string, readonly Budget[]>>();
  /** By budget: what was asked of it and isn't seen in its status yet. */
  readonly #asked = new Map<string, number>();
  /** Budgets of which something is on its way. */
  readonly #moving = new Set<string>();

  constructor({ budgets, inFlight, cluster }: Pick<DrainRequest, "budgets" | "inFlight" | "cluster">) {
    this.#budgets = budgets;
    for (const { budget, pod } of inFlight) {
      if (budget === undefined) continue;
      this.#moving.add(keyOf(budget));
      const now = budgets(pod.namespace).find(({ name }) => name === budget.name);
      if (now !== undefined && !knows(now, budget, pod, cluster)) this.take(budget);
    }
  }

  of(pod: PodView): Allowance {
    if (pod.phase === "Pending") return { kind: "free" };
    const budgets = this.#budgetsOver(pod);
    const [budget] = budgets;
    if (budget === undefined) return { kind: "free" };
    if (budgets.length > 1) return { kind: "blocked", why: "many", budgets };
    const { status } = budget;
    const hasEnough = status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
    if (!pod.isReady && (budget.evictsUnhealthy || hasEnough)) return { kind: "free" };
    if (lacksScale(budget, pod)) return { kind: "blocked", why: "scale", budgets };
    if (allowsNone(budget)) return { kind: "blocked", why: "zero", budgets };
    if ((budget.generation ?? 0) > (status.observedGeneration ?? 0)) return { kind: "later", budget };
    if (status.disruptionsAllowed - (this.#asked.get(keyOf(budget)) ?? 0) > 0) return { kind: "counts", budget };
    const isStill = !this.#moving.has(keyOf(budget)) && status.disruptedPods.length === 0;
    const wantsAll = status.desiredHealthy >= status.expectedPods && status.currentHealthy >= status.expectedPods;
    return isStill && wantsAll ? { kind: "blocked", why: "replicas", budgets } : { kind: "later", budget };
  }

  /** One is asked of a budget. */
  take(budget: Budget): void {
    this.#asked.set(keyOf(budget), (this.#asked.get(keyOf(budget)) ?? 0) + 1);
    this.#moving.add(keyOf(budget));
  }

  #budgetsOver({ namespace, shape }: PodView): readonly Budget[] {
    const byNamespace = this.#over.get(shape) ?? new Map<string, readonly Budget[]>();
    this.#over.set(shape, byNamespace);
    let over = byNamespace.get(namespace);
    if (over === undefined) {
      over = this.#budgets(namespace).filter(({ selector }) => matches(selector, shape.labels));
      byNamespace.set(namespace, over);
    }
    return over;
  }
}

/**
 * Whether a budget's status counts an eviction in. The eviction API notes the pod in it before it deletes the pod, and the note is taken away when
 * the pod is seen to end.
 */
function knows(now: Budget, asked: Budget, { uid, name }: PodView, cluster: Cluster): boolean {
  if (now.resourceVersion === asked.resourceVersion) return false;
  const pod = cluster.pod(uid);
  return now.status.disruptedPods.includes(name) || pod === undefined || pod.endsAt !== undefined;
}

function keyOf({ namespace, name }: Budget): string {
  return `${namespace}/${name}`;
}

/** Whether a budget needs to be told how many pods there should be, and nobody can: the API server says that it is still being processed, for ever. */
function lacksScale({ needsScale, status }: Budget, { owner }: PodView): boolean {
  if (!needsScale) return false;
  if (status.failure !== undefined) return true;
  if (owner === undefined) return status.observedGeneration !== undefined && status.expectedPods === 0;
  return (owner.kind === "Job" && owner.apiVersion.startsWith("batch/")) || owner.kind === "PipelineRun";
}

/** Whether a budget allows none to be missing, however many there are. */
function allowsNone({ minAvailable, maxUnavailable }: Budget): boolean {
  if (maxUnavailable !== undefined) return Number.parseInt(String(maxUnavailable), 10) === 0;
  return typeof minAvailable === "string" && Number.parseInt(minAvailable, 10) >= 100;
}
