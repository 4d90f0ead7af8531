import { budgetOf, Cluster, matches, nodeOf, podOf, type Budget, type PodView } from "@plimsoll/model";
import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";

/** Chance, handed in. */
export interface Chance {
  below(limit: number): number;
  chance(share: number): boolean;
}

export interface Workload {
  namespace: string;
  name: string;
  kind: "ReplicaSet" | "Job" | "PipelineRun";
  /** Of a job: how many have still to succeed. */
  replicas: number;
  /** How long each of a job's pods runs, in seconds. */
  duration?: number;
  template: (name: string) => Pod;
}

/** What the eviction API answers. */
export type Answer = 201 | 429 | 500;

/**
 * A cluster as far as draining has to do with it, after what Kubernetes 1.36 was seen to do: the eviction API, the disruption controller, who
 * makes pods again, the scheduler, and kubelets. Who watches it sees pods and budgets by two watches, either of which may be late.
 */
export class World {
  readonly pods = new Map<string, PodView>();
  readonly budgets = new Map<string, PodDisruptionBudget>();
  readonly workloads = new Map<string, Workload>();
  /** What a watcher knows. */
  readonly seen = new Cluster();
  readonly seenBudgets = new Map<string, Budget>();
  now = 1_000_000_000_000;
  readonly answers: Record<Answer, number> = { 201: 0, 429: 0, 500: 0 };
  /** Times that a budget's pods were fewer than it allows, because of an eviction. */
  violations = 0;
  readonly #truth = new Cluster();
  readonly #chance: Chance;
  readonly #podEvents: (() => void)[] = [];
  readonly #budgetEvents: (() => void)[] = [];
  readonly #readyAt = new Map<string, number>();
  #version = 0;
  #count = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  addNode(node: Node): void {
    for (const cluster of [this.#truth, this.seen]) cluster.setNode(nodeOf(node));
  }

  cordon(name: string): void {
    const node = this.seen.node(name);
    if (node === undefined) return;
    const taints = [...node.taints, { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
    for (const cluster of [this.#truth, this.seen]) cluster.setNode({ ...node, isUnschedulable: true, taints });
  }

  addBudget(budget: PodDisruptionBudget): void {
    const { namespace = "", name = "" } = budget.metadata ?? {};
    this.#writeBudget({ ...budget, metadata: { namespace, name, generation: 1 } });
  }

  addWorkload(workload: Workload): void {
    this.workloads.set(`${workload.kind}-${workload.name}`, workload);
  }

  /** Everything happens that can, until nothing does; and all of it is seen. */
  settle(): void {
    for (let quiet = 0; quiet < 3; quiet++) if (this.#happens(1)) quiet = -1;
    this.see(1);
  }

  /** Some of what can happen does, and some of it is seen. Whether anything was done. */
  step(share: number, seenShare: number): boolean {
    const did = this.#happens(share);
    const late = this.#podEvents.length + this.#budgetEvents.length > 0;
    this.see(seenShare);
    return did || late;
  }

  see(share: number): void {
    for (const events of [this.#podEvents, this.#budgetEvents]) while (events.length > 0 && this.#chance.chance(share)) events.shift()?.();
  }

  evict(uid: string): Answer {
    const answer = this.#evict(uid);
    this.answers[answer]++;
    return answer;
  }

  budgetsOf(namespace: string): Budget[] {
    return [...this.seenBudgets.values()].filter((budget) => budget.namespace === namespace);
  }

  /** How many other pods of the same owner are ready and not ending. */
  readySiblings({ uid, owner }: PodView): number {
    const all = [...this.pods.values()];
    return all.filter((pod) => pod.owner?.uid === owner?.uid && pod.uid !== uid && pod.isReady && pod.endsAt === undefined).length;
  }

  #evict(uid: string): Answer {
    const pod = this.pods.get(uid);
    if (pod === undefined) return 201;
    const over = [...this.budgets.values()].filter(
      ({ metadata, spec }) => metadata?.namespace === pod.namespace && matches(spec?.selector, pod.shape.labels),
    );
    const [budget] = over;
    if (pod.phase === "Running" && budget !== undefined) {
      if (over.length > 1) return 500;
      const { status, generation, evictsUnhealthy } = budgetOf(budget);
      const mayGo = !pod.isReady && (evictsUnhealthy || (status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0));
      if (!mayGo) {
        if ((status.observedGeneration ?? 0) < (generation ?? 0) || status.disruptionsAllowed <= 0) return 429;
        const disruptedPods = { ...budget.status?.disruptedPods, [pod.name]: new Date(this.now).toISOString() };
        this.#writeBudget({
          ...budget,
          status: { ...budget.status, disruptionsAllowed: status.disruptionsAllowed - 1, disruptedPods } as never,
        });
        const healthy = this.#selected(budget).filter((one) => one.isReady && one.endsAt === undefined && one.uid !== uid).length;
        if (pod.isReady && healthy < status.desiredHealthy) this.violations++;
      }
    }
    this.#writePod({ ...pod, endsAt: this.now + pod.shape.grace * 1000, isReady: false });
    return 201;
  }

  #happens(share: number): boolean {
    this.now += 1000;
    let did = false;
    const tries = (): boolean => this.#chance.chance(share);
    for (const pod of Array.from(this.pods.values())) {
      if (pod.endsAt !== undefined && tries()) did = this.#deletePod(pod);
      else if (this.#isDone(pod)) did = this.#succeed(pod);
      else if (pod.endsAt === undefined && pod.node !== undefined && pod.phase === "Pending" && tries()) did = this.#run(pod);
      else if (
        pod.endsAt === undefined &&
        !pod.isReady &&
        pod.phase === "Running" &&
        (this.#readyAt.get(pod.uid) ?? 0) <= this.now &&
        tries()
      ) {
        this.#writePod({ ...pod, isReady: true });
        did = true;
      }
    }
    for (const workload of this.workloads.values()) if (tries()) did = this.#scale(workload) || did;
    for (const pod of Array.from(this.#truth.unplaced())) if (tries()) did = this.#schedule(pod) || did;
    for (const budget of Array.from(this.budgets.values())) if (tries()) did = this.#audit(budget) || did;
    return did;
  }

  #isDone({ owner, phase, startedAt = this.now, endsAt }: PodView): boolean {
    const { duration } = this.workloads.get(owner?.uid ?? "") ?? {};
    return duration !== undefined && phase === "Running" && endsAt === undefined && this.now - startedAt >= duration * 1000;
  }

  #succeed(pod: PodView): true {
    const workload = this.workloads.get(pod.owner?.uid ?? "");
    if (workload !== undefined) workload.replicas--;
    this.#writePod({ ...pod, phase: "Succeeded", isReady: false, finishedAt: this.now });
    return true;
  }

  #run(pod: PodView): boolean {
    this.#readyAt.set(pod.uid, this.now + 1000 * this.#chance.below(3));
    this.#writePod({ ...pod, phase: "Running", startedAt: this.now });
    return true;
  }

  #scale(workload: Workload): boolean {
    const uid = `${workload.kind}-${workload.name}`;
    const active = [...this.pods.values()].filter(
      ({ owner, endsAt, phase }) => owner?.uid === uid && endsAt === undefined && phase !== "Succeeded",
    );
    for (let missing = workload.replicas - active.length; missing > 0; missing--) {
      const name = `${workload.name}-${this.#count++}`;
      const made = workload.template(name);
      const ownerReferences = [{ apiVersion: apiVersions[workload.kind], kind: workload.kind, name: workload.name, uid, controller: true }];
      const metadata = { ...made.metadata, namespace: workload.namespace, name, uid: name, ownerReferences };
      this.#writePod({ ...podOf({ ...made, metadata }), createdAt: this.now });
    }
    const surplus = active
      .toSorted((a, b) => Number(a.isReady) - Number(b.isReady))
      .slice(0, Math.max(0, active.length - workload.replicas));
    for (const pod of surplus) this.#deletePod(pod);
    return active.length !== workload.replicas;
  }

  /** Chance decides among the nodes that a pod fits: the scheduler may take another than was planned. */
  #schedule(pod: PodView): boolean {
    const nodes = this.#truth.nodes().filter(({ name }) => this.#truth.fits(pod, name).length === 0);
    const node = nodes[this.#chance.below(Math.max(1, nodes.length))];
    if (node !== undefined) this.#writePod({ ...pod, node: node.name });
    return node !== undefined;
  }

  /** The disruption controller counts. */
  #audit(budget: PodDisruptionBudget): boolean {
    const { spec = {}, status } = budget;
    const pods = this.#selected(budget);
    const owners = new Set(pods.flatMap(({ owner }) => owner?.uid ?? []));
    const scaled = [...owners].map((uid) => this.workloads.get(uid));
    const needsScale = typeof spec.minAvailable !== "number";
    const failure = needsScale && scaled.some((workload) => workload?.kind !== "ReplicaSet");
    const expectedPods = needsScale ? scaled.reduce((sum, workload) => sum + (workload?.replicas ?? 0), 0) : pods.length;
    const share = (value: number | string): number =>
      typeof value === "number" ? value : Math.ceil((Number.parseInt(value, 10) * expectedPods) / 100);
    const desiredHealthy =
      spec.maxUnavailable !== undefined ? Math.max(0, expectedPods - share(spec.maxUnavailable)) : share(spec.minAvailable ?? 0);
    const live = pods.filter(({ endsAt }) => endsAt === undefined);
    const disruptedPods = Object.fromEntries(
      Object.entries(status?.disruptedPods ?? {}).filter(([name]) => live.some((pod) => pod.name === name)),
    );
    const currentHealthy = live.filter(({ isReady, name }) => isReady && !(name in disruptedPods)).length;
    const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
    const next = failure
      ? {
          disruptionsAllowed: 0,
          currentHealthy: 0,
          desiredHealthy: 0,
          expectedPods: 0,
          conditions: [{ type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message: "no scale" }],
        }
      : { observedGeneration: 1, disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods, disruptedPods };
    if (JSON.stringify(next) === JSON.stringify(status)) return false;
    this.#writeBudget({ ...budget, status: next as never });
    return true;
  }

  #selected({ metadata, spec }: PodDisruptionBudget): PodView[] {
    return [...this.pods.values()].filter(
      ({ namespace, shape, phase }) => namespace === metadata?.namespace && phase !== "Succeeded" && matches(spec?.selector, shape.labels),
    );
  }

  #writePod(pod: PodView): void {
    this.pods.set(pod.uid, pod);
    this.#truth.setPod(pod);
    this.#podEvents.push(() => this.seen.setPod(pod));
  }

  #deletePod({ uid }: PodView): true {
    this.pods.delete(uid);
    this.#truth.deletePod(uid);
    this.#podEvents.push(() => this.seen.deletePod(uid));
    return true;
  }

  #writeBudget(budget: PodDisruptionBudget): void {
    const written = { ...budget, metadata: { ...budget.metadata, resourceVersion: String(++this.#version) } };
    const key = `${written.metadata.namespace}/${written.metadata.name}`;
    this.budgets.set(key, written);
    this.#budgetEvents.push(() => this.seenBudgets.set(key, budgetOf(written)));
  }
}

const apiVersions = { ReplicaSet: "apps/v1", Job: "batch/v1", PipelineRun: "plimsoll.dev/v1alpha1" };
