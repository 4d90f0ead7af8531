import type { Drain, DrainStatus, SurgedDeployment } from "@plimsoll/api";
import { each, FairLimiter, type View, type WorkQueue } from "@plimsoll/kube";
import { budgetView, claimView, nodeView, podView, reachOf, volumeView, type Budget, type NodeView } from "@plimsoll/model";
import type { Node } from "kubernetes-types/core/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type { DrainingConfig } from "../config.ts";
import { holdersOf } from "../decide/cordon.ts";
import { decide, type Decisions, type Scoped } from "../decide/decide.ts";
import { isEnded, policyOf, viewDrain, type DrainView } from "../decide/drain-view.ts";
import { nodesThatTurned } from "../decide/node-progress.ts";
import { scopeOf } from "../decide/scope.ts";
import { DrainingMetrics } from "../metrics.ts";
import type { DrainingRuntime } from "../permissions.ts";
import { planDrain, type DrainPlan, type NodesToDrain } from "../plan/index.ts";
import { announcements } from "./announcements.ts";
import { cordon, release } from "./cordons.ts";
import { Evictions } from "./evictions.ts";
import { JobTimes } from "./job-times.ts";
import { Statuses } from "./statuses.ts";
import { Surges } from "./surges.ts";
import { World } from "./world.ts";

/** All Drains are decided about together: they share the budgets and the room. */
const key = "drains";

/** From a change to the next look, so that many changes are looked at once; and to the next look where nothing changes. Milliseconds. */
const pause = { change: 100, idle: 2_000 };

/** Requests of one kind that are under way at once. */
const width = 32;

const nothing: DrainPlan = { evict: [], surge: [], verdicts: new Map(), left: new Map() };

/** The feature's loop: watches Drains, nodes, pods and budgets; plans, decides, and acts. */
export class DrainingController {
  readonly #runtime: DrainingRuntime;
  readonly #drains: View<Drain, DrainView>;
  readonly #nodes: View<Node, NodeView>;
  readonly #budgets: View<PodDisruptionBudget, Budget, "namespace">;
  readonly #world: World;
  readonly #queue: WorkQueue;
  readonly #limiter: FairLimiter;
  readonly #metrics: DrainingMetrics;
  readonly #statuses: Statuses;
  readonly #evictions: Evictions;
  readonly #surges: Surges;
  readonly #jobs: JobTimes;
  #housed: DrainPlan["housed"];

  constructor(runtime: DrainingRuntime, config: DrainingConfig) {
    const { clock, metrics } = runtime;
    this.#runtime = runtime;
    this.#drains = runtime.view("drains.plimsoll.dev", { project: viewDrain });
    this.#nodes = runtime.view("nodes", nodeView);
    const pods = runtime.view("pods", podView);
    this.#budgets = runtime.view("poddisruptionbudgets.policy", budgetView);
    const claims = runtime.view("persistentvolumeclaims", claimView);
    const volumes = runtime.view("persistentvolumes", volumeView);
    const look = (): void => this.#queue.addAfter(key, pause.change);
    const volumeNodes = (namespace: string, claim: string) => reachOf(claims.get(namespace, claim), (name) => volumes.get(undefined, name));
    this.#world = new World({ nodes: this.#nodes, pods }, { volumeNodes }, look);
    this.#queue = runtime.queue("draining");
    this.#limiter = new FairLimiter({ qps: config.evictionQPS, burst: config.evictionBurst, clock });
    this.#metrics = new DrainingMetrics(metrics);
    this.#statuses = new Statuses(runtime);
    this.#evictions = new Evictions({ ...runtime, limiter: this.#limiter, metrics: this.#metrics, onAnswer: look });
    this.#surges = new Surges({ ...runtime, metrics: this.#metrics, save: (drain, surges) => this.#saveSurges(drain, surges) });
    this.#jobs = new JobTimes(runtime, look);
    runtime.onRetryAfter((seconds) => this.#limiter.pause(seconds));
    runtime.onConfig(({ evictionQPS: qps, evictionBurst: burst }) => this.#limiter.setRate({ qps, burst }));
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    this.#drains.on(() => this.#queue.addAfter(key, pause.change));
    this.#budgets.on(() => this.#queue.addAfter(key, pause.change));
    // What a Drain left that is gone is seen to as well.
    this.#queue.add(key);
    await this.#queue.run(1, () => this.#turn(signal), signal);
    await this.#evictions.answered();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const drains = [...this.#drains.values()]
      .map((drain) => this.#statuses.known(drain))
      .toSorted((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
    this.#statuses.keep(new Set(drains.map(({ uid }) => uid)));
    if (this.#isIdle(drains)) {
      this.#rest(drains);
      return;
    }
    const first = this.#decide(drains);
    // Before anything is cordoned it is known which pods of Jobs would not end in time, and so need a node.
    const decisions = (await this.#jobs.read()) ? this.#decide(drains) : first;
    await this.#act(drains, decisions, signal);
    this.#queue.addAfter(key, pause.idle);
  }

  /** Whether nothing is to be drained, and nothing to be undone. */
  #isIdle(drains: readonly DrainView[]): boolean {
    const kept = new Set(drains.filter((drain) => !drain.isDeleted && drain.status.phase === "Succeeded").map(({ uid }) => uid));
    return (
      drains.every((drain) => isEnded(drain) && !drain.isDeleted && (drain.status.surges ?? []).length === 0) &&
      Iterator.from(this.#nodes.values()).every((node) => holdersOf(node).every((uid) => kept.has(uid)))
    );
  }

  #rest(drains: readonly DrainView[]): void {
    this.#world.rest();
    this.#housed = undefined;
    this.#jobs.clear();
    this.#surges.clear();
    this.#observe(drains, new Map());
  }

  #decide(drains: readonly DrainView[]): Decisions {
    const now = this.#runtime.clock.now();
    const { cluster } = this.#world;
    const nodes = [...this.#nodes.values()];
    const node = (name: string): NodeView | undefined => this.#nodes.get(undefined, name);
    const scoped = drains.map((drain): Scoped => ({ drain, scope: scopeOf(drain, nodes, node) }));
    const budgets = (namespace: string): readonly Budget[] => this.#budgets.by("namespace", namespace);
    const inFlight = this.#evictions.inFlight({ cluster, budgets, now });
    const asked = requestsOf(scoped, now);
    const plan =
      asked.length === 0
        ? nothing
        : planDrain({
            cluster,
            budgets,
            drains: asked,
            inFlight,
            now,
            housed: this.#housed,
            canSurge: (pod) => this.#surges.canSurge(pod),
            jobDeadline: (pod) => this.#jobs.deadlineOf(pod),
          });
    this.#housed = plan.housed;
    return decide({
      drains: scoped,
      plan,
      nodes,
      node,
      podsOn: (name) => cluster.podsOn(name),
      refusals: this.#evictions.refusals,
      deleted: this.#evictions.deleted,
      now,
    });
  }

  /** What is known is written before anything is done, so that it can be read what is about to happen. */
  async #act(drains: readonly DrainView[], decisions: Decisions, signal: AbortSignal): Promise<void> {
    const { events } = this.#runtime;
    const byUid = new Map(drains.map((drain) => [drain.uid, drain]));
    await each(width, decisions.hold, (drain) => this.#statuses.hold(drain, signal));
    await each(width, [...decisions.statuses], async ([uid, status]) => {
      const drain = byUid.get(uid);
      if (drain === undefined) return;
      const turned = nodesThatTurned(drain.status, status);
      // By its status alone is it known that a node was released, once that has been let go: it must not wait.
      const isUrgent = drain.status.phase !== status.phase || turned.some(({ phase }) => phase === "Released");
      if (!(await this.#statuses.write(drain, status, isUrgent, signal))) return;
      for (const occurrence of announcements(drain, status)) events.record(occurrence);
      for (const node of turned) if (node.phase === "Drained") this.#metrics.drained(node);
    });
    this.#observe(drains, decisions.statuses);
    await each(width, decisions.release, ({ node, uid }) => release(this.#runtime, node, uid, signal));
    await each(width, decisions.cordon, ({ node, drain }) => cordon(this.#runtime, node, drain, signal));
    // One after the other: they are written into one status.
    for (const { drain, surged } of decisions.restore) await this.#surges.undo(this.#statuses.known(drain), surged, signal);
    for (const { drain, surge } of decisions.surge) await this.#surges.raise(this.#statuses.known(drain), surge, signal);
    await each(width, decisions.remove, ({ pod, drain }) => this.#evictions.remove(pod, drain, signal));
    for (const eviction of decisions.evict) this.#evictions.evict(eviction, signal);
    await each(width, decisions.letGo, (drain) => this.#statuses.letGo(drain, signal));
  }

  async #saveSurges(drain: DrainView, surges: readonly SurgedDeployment[]): Promise<void> {
    const { surges: _, ...status } = drain.status;
    await this.#statuses.write(drain, { ...status, ...(surges.length > 0 ? { surges: [...surges] } : {}) }, true, this.#runtime.signal);
  }

  #observe(drains: readonly DrainView[], statuses: ReadonlyMap<string, DrainStatus>): void {
    const now = drains.map(({ uid, status }) => statuses.get(uid) ?? status);
    const nodes = now.flatMap(({ phase, nodes = [] }) => (phase === "Running" ? nodes : []));
    this.#metrics.observe({
      drains: counted(now.map(({ phase = "Pending" }) => phase)),
      nodes: counted(nodes.map(({ phase }) => phase)),
      blocked: counted(nodes.flatMap(({ blockers = [] }) => blockers.map(({ reason }) => reason))),
    });
  }
}

/** What the planner is asked: a node that several Drains want is drained by the oldest. */
function requestsOf(drains: readonly Scoped[], now: number): NodesToDrain[] {
  const taken = new Set<string>();
  return drains.flatMap(({ drain, scope }) => {
    if (drain.isDeleted || isEnded(drain)) return [];
    const released = new Set(drain.status.nodes?.filter(({ phase }) => phase === "Released").map(({ name }) => name));
    const nodes = scope.nodes.filter((name) => !taken.has(name) && !released.has(name));
    for (const name of nodes) taken.add(name);
    return nodes.length > 0 ? [{ nodes, policy: policyOf(drain, now) }] : [];
  });
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
