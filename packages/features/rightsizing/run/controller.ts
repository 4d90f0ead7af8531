import { parseDuration, type RightSizingPolicy, type RightSizingStatus } from "@plimsoll/api";
import { each, Slice, type View } from "@plimsoll/kube";
import { jobView, parseQuantity, replicaSetView, runView } from "@plimsoll/model";
import {
  Assignment,
  isBatch,
  mayChoose,
  ownersIn,
  sizedPods,
  Sizing,
  type KnownOwner,
  type SizedPod,
  type Workload,
} from "@plimsoll/model/sizing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { isDeepStrictEqual } from "node:util";
import { withoutManagers } from "../../without-managers.ts";
import { sizingSettingsOf, type RightSizingConfig } from "../config.ts";
import { isIgnored, problemsOf } from "../decide/settings.ts";
import { invalidStatus, keptOf, statusOf } from "../decide/status.ts";
import { holderKey, horizontalHolders, verticalHolders, type Holder } from "../observe/holder.ts";
import { Kills } from "../observe/kills.ts";
import { MetricsApi } from "../observe/metrics-api.ts";
import type { RightSizingRuntime } from "../permissions.ts";
import type { StoredPolicy } from "./policy.ts";
import { Ledger } from "./ledger.ts";
import { RightSizingMetrics } from "./metrics.ts";
import { Sampler } from "./sampler.ts";
import { Writer } from "./writer.ts";

/** Statuses written at once. */
const width = 10;
/** Milliseconds from one round to the next. */
const shortestPause = 1_000;
/** How long kills of what is tried again are gathered after some were told: its next pod comes after ten seconds at the earliest. */
const killPause = 5_000;
/** How long what has no pods any more is kept: as long as memory peaks count. */
const forgottenAfter = 8 * 24 * 60 * 60_000;

const unreadable =
  "what was known of some containers is not used, and learned anew: it was written with another halfLife or memoryWindow, or can't be read";

/**
 * The feature's loop: each round, asks what pods use and looks which were killed, adds that to what is known, and says in the policies' statuses
 * what comes of it. Followers do the same but write nothing, so that one that becomes the leader knows as much as the last one did.
 */
export class RightSizingController {
  readonly #runtime: RightSizingRuntime;
  readonly #config: RightSizingConfig;
  readonly #sizing: Sizing;
  readonly #policies: View<RightSizingPolicy, StoredPolicy>;
  readonly #pods: View<Pod, SizedPod, "namespace">;
  readonly #owner: KnownOwner;
  readonly #holders: readonly Pick<View<object, Holder, "target">, "by" | "on">[];
  readonly #api: MetricsApi;
  readonly #kills = new Kills();
  readonly #writer: Writer;
  readonly #metrics: RightSizingMetrics;
  /** By the policies' UIDs. */
  readonly #ledgers = new Map<string, Ledger>();
  readonly #sampler: Sampler;
  #isLeader = false;
  /** How many pods of each policy another has, as the last round has seen it. */
  #taken: ReadonlyMap<string, number> = new Map();
  /** Ends the pause before the next round. */
  #pause = new AbortController();
  /** Interrupts it, as a pod was killed that another one will follow, or an autoscaler has changed. */
  #interruption = new AbortController();
  /** The namespaces whose autoscalers have changed since. */
  readonly #rescaled = new Set<string>();

  constructor(runtime: RightSizingRuntime, config: RightSizingConfig) {
    this.#runtime = runtime;
    this.#config = config;
    this.#sizing = new Sizing(sizingSettingsOf(config));
    this.#policies = runtime.view("rightsizingpolicies.plimsoll.dev", { project: withoutManagers });
    this.#pods = runtime.view("pods", sizedPods);
    this.#owner = ownersIn({
      ReplicaSet: runtime.view("replicasets.apps", replicaSetView),
      Job: runtime.view("jobs.batch", jobView),
      PipelineRun: runtime.view("pipelineruns.plimsoll.dev", runView),
    });
    this.#holders = [
      runtime.view("horizontalpodautoscalers.autoscaling", horizontalHolders),
      runtime.view("verticalpodautoscalers.autoscaling.k8s.io", { ...verticalHolders, mayBeMissing: true }),
    ];
    this.#api = new MetricsApi(runtime);
    this.#sampler = new Sampler({
      pod: (namespace, name) => this.#pods.get(namespace, name),
      ledger: (uid) => this.#ledgers.get(uid),
      metrics: () => this.#metrics,
    });
    this.#writer = new Writer(runtime, parseDuration(config.checkpointInterval));
    const recommendations = () => [...this.#policies.values()].flatMap(({ status }) => status?.recommendations ?? []);
    this.#metrics = new RightSizingMetrics(runtime.metrics, {
      policies: () => this.#policies.size,
      invalid: () => [...this.#policies.values()].filter((policy) => problemsOf(policy).length > 0).length,
      containers: () => new Map([...Map.groupBy(recommendations(), ({ reason }) => reason)].map(([reason, some]) => [reason, some.length])),
      saved: () => {
        const all = { cpu: 0, memory: 0 };
        for (const { status } of this.#policies.values()) {
          all.cpu += amountOf(status?.saved?.cpu);
          all.memory += amountOf(status?.saved?.memory);
        }
        return all;
      },
      isAvailable: () => this.#api.answers,
    });
  }

  /** Works until the runtime's signal aborts; then writes what isn't written yet. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await synced();
    void this.#lead(elected);
    this.#pods.on((event) => {
      if (this.#kills.observe(event, this.#runtime.clock.now()) && isTriedAgain(event.object)) this.#interruption.abort();
      if (event.type === "delete") this.#sampler.forget(event.object.uid);
    });
    // Who writes a policy wants to see what comes of it.
    this.#policies.on((event) => {
      if (event.type === "add" || event.object.metadata.generation !== event.old.metadata.generation) this.#pause.abort();
    });
    for (const view of this.#holders)
      view.on((event) => {
        const { namespace } = event.object;
        if (event.type === "update" && isDeepStrictEqual(event.old, event.object)) return;
        if (this.#policiesIn([namespace]).length === 0) return;
        this.#rescaled.add(namespace);
        this.#interruption.abort();
      });
    try {
      while (!signal.aborted) {
        await this.#round();
        await this.#rest();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    await this.#write(this.#policies.values(), true);
  }

  /** Begins to write once this process leads; never where it is to end before. */
  async #lead(elected: Promise<void>): Promise<void> {
    try {
      await elected;
    } catch {
      return;
    }
    this.#isLeader = true;
    this.#pause.abort();
  }

  /** Until the next round is due; at least a moment, however fast policies are changed. */
  async #rest(): Promise<void> {
    const { clock, signal } = this.#runtime;
    const due = clock.monotonic() + parseDuration(this.#config.interval);
    const until = (at: number): number => Math.max(0, Math.min(at, due) - clock.monotonic());
    await clock.sleep(until(clock.monotonic() + shortestPause), signal);
    const { signal: woken } = this.#pause;
    while (!woken.aborted && until(due) > 0) {
      const any = AbortSignal.any([signal, woken, this.#interruption.signal]);
      await clock.sleep(until(due), any).catch(() => signal.throwIfAborted());
      if (woken.aborted || !this.#interruption.signal.aborted) continue;
      this.#interruption = new AbortController();
      await this.#tellBetween();
      await clock.sleep(until(clock.monotonic() + killPause), AbortSignal.any([signal, woken])).catch(() => signal.throwIfAborted());
    }
    this.#pause = new AbortController();
  }

  /** Takes in who was killed, and which autoscalers have changed, since the last round, and writes what comes of it. */
  async #tellBetween(): Promise<void> {
    const assignment = this.#assign();
    const policies = new Set(this.#policiesIn([...this.#rescaled]));
    this.#rescaled.clear();
    for (const { pod, kill } of this.#kills.taken()) {
      this.#killed(pod, kill, assignment);
      const assigned = assignment.of(pod);
      if (assigned !== undefined) policies.add(assigned.policy);
    }
    await this.#write(policies, false);
  }

  #policiesIn(namespaces: readonly string[]): StoredPolicy[] {
    return [...this.#policies.values()].filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ""));
  }

  /** Takes in what is used and who was killed, and writes what is due. */
  async #round(): Promise<void> {
    const { clock } = this.#runtime;
    const slice = new Slice(clock);
    const assignment = this.#assign();
    for (const ledger of this.#ledgers.values()) ledger.begin();
    // What they asked for when they were killed counts, not what they do now.
    for (const { pod, kill } of this.#kills.taken()) this.#killed(pod, kill, assignment);
    for (const pod of this.#pods.values()) {
      this.#count(pod, assignment);
      if (slice.isOver) await slice.turn();
    }
    for (const { metadata, spec } of assignment.policies)
      this.#ledgers.get(metadata.uid)?.release(
        (key) => assignment.isLive(metadata.namespace ?? "", key),
        (container, workload) => isIgnored(spec, container) || !mayChoose({ spec }, workload),
      );
    this.#sampler.begin();
    const namespaces = new Set(assignment.policies.map(({ metadata }) => metadata.namespace ?? ""));
    await this.#api.ask(namespaces, slice, (metrics) => this.#sampler.sample(metrics, assignment, clock.now()));
    for (const pod of this.#pods.values()) {
      if (this.#api.of(pod.namespace).state === "answers") this.#sampler.look(pod, assignment, clock.now());
      if (slice.isOver) await slice.turn();
    }
    for (const ledger of this.#ledgers.values()) {
      ledger.end();
      ledger.forget(clock.now(), forgottenAfter);
    }
    this.#taken = assignment.taken;
    await this.#write(this.#policies.values(), false);
  }

  /** Which policy has which pods; what other processes have written is taken over. */
  #assign(): Assignment<StoredPolicy> {
    const policies = [...this.#policies.values()];
    const uids = new Set(policies.map(({ metadata }) => metadata.uid));
    for (const uid of this.#ledgers.keys())
      if (!uids.has(uid)) {
        this.#ledgers.delete(uid);
        this.#writer.forget(uid);
      }
    for (const policy of policies) {
      const { uid } = policy.metadata;
      const ledger = this.#ledgers.get(uid) ?? new Ledger(this.#sizing);
      this.#ledgers.set(uid, ledger);
      const unread = ledger.adopt(policy, this.#runtime.clock.now());
      if (unread > 0) this.#runtime.log.warn({ policy: titleOf(policy), unread }, unreadable);
    }
    // Also one with a mistake keeps what it chooses, and learns of it.
    return new Assignment(
      policies.filter(({ metadata }) => metadata.deletionTimestamp === undefined),
      this.#owner,
    );
  }

  #count(pod: SizedPod, assignment: Assignment<StoredPolicy>): void {
    const assigned = assignment.of(pod);
    if (assigned === undefined) return;
    const { policy, workload } = assigned;
    if (!pod.isOver) this.#ledgers.get(policy.metadata.uid)?.count(workload, pod, (container) => isIgnored(policy.spec, container));
    for (const kill of pod.kills) this.#killed(pod, kill, assignment);
  }

  #killed(pod: SizedPod, { container, at }: SizedPod["kills"][number], assignment: Assignment<StoredPolicy>): void {
    const assigned = assignment.of(pod);
    if (assigned === undefined || isIgnored(assigned.policy.spec, container)) return;
    const sized = pod.shape.containers.find(({ name }) => name === container);
    if (sized === undefined) return;
    const record = this.#ledgers.get(assigned.policy.metadata.uid)?.of(assigned.workload, container);
    if (record?.kill(pod, at, sized, this.#runtime.clock.now())) this.#metrics.killed();
  }

  async #write(policies: Iterable<StoredPolicy>, isLast: boolean): Promise<void> {
    if (!this.#isLeader) return;
    const now = this.#runtime.clock.now();
    // What goes wrong with one policy is no other's matter.
    await each(width, [...policies], (policy) =>
      this.#writeOne(policy, now, isLast).catch((error: unknown) =>
        this.#runtime.retried(`to say what is recommended in the RightSizingPolicy ${titleOf(policy)}`, error),
      ),
    );
  }

  async #writeOne(seen: StoredPolicy, now: number, isLast: boolean): Promise<void> {
    const policy = this.#writer.latest(seen);
    const ledger = this.#ledgers.get(policy.metadata.uid);
    if (ledger === undefined || policy.metadata.deletionTimestamp !== undefined) return;
    const problems = problemsOf(policy);
    if (problems.length > 0) {
      await this.#writer.write(policy, invalidStatus(policy, problems, now), (status) => status, isLast);
      return;
    }
    const sized = ledger.sized();
    const { namespace = "", uid } = policy.metadata;
    const observed = {
      sized,
      taken: this.#taken.get(uid) ?? 0,
      availability: this.#api.of(namespace),
      oddities: this.#sampler.oddities(uid),
      silences: this.#sampler.silences(uid),
      holders: (workload: Workload) => this.#holders.flatMap((view) => view.by("target", holderKey(workload))),
    };
    const complete = (status: RightSizingStatus): RightSizingStatus => {
      const { checkpoints, unkept } = ledger.checkpoints(keptOf(sized).map(({ key }) => key));
      return { ...status, checkpoints, ...(unkept > 0 && { unkept }) };
    };
    const version = await this.#writer.write(policy, statusOf(policy, observed, now), complete, isLast);
    if (version !== undefined) ledger.wrote(version);
  }
}

/** Whether another pod comes in its place, with the resources of the same template. */
function isTriedAgain({ owner }: SizedPod): boolean {
  return owner !== undefined && isBatch(owner);
}

function titleOf({ metadata }: StoredPolicy): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Of a status, which others may have written, too: what is no quantity counts as nothing. */
function amountOf(quantity: string | undefined): number {
  return Number(parseQuantity(quantity ?? "") ?? 0n) / 1e9;
}
