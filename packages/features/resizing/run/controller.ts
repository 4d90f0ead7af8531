import { splitKey, type CacheEvent, type View, type WorkQueue } from "@plimsoll/kube";
import { budgetView, jobView, replicaSetView, runView, type ControllerView } from "@plimsoll/model";
import { ownersIn } from "@plimsoll/model/sizing";
import { findCondition, type SizeChange } from "@plimsoll/api";
import { isDeepStrictEqual } from "node:util";
import type { ResizingConfig } from "../config.ts";
import type { RecurrenceOf } from "../decide/window.ts";
import { resizablePods, type ResizablePod } from "../observe/pod.ts";
import { cronJobTemplates, daemonSetTemplates, deploymentTemplates, statefulSetTemplates, type Template } from "../observe/template.ts";
import type { ResizingRuntime } from "../permissions.ts";
import { Claims, choiceOf } from "./claims.ts";
import { ResizingMetrics } from "./metrics.ts";
import { appliedPolicies, type AppliedPolicy } from "./policy.ts";
import { Reconciler } from "./reconciler.ts";
import type { Seen } from "./seen.ts";

/** Policies worked on at once. */
const width = 10;
/** How long what comes together is gathered, in milliseconds. A pod that starts waits the least: it is best changed before it has begun. */
const gathered = { start: 100, change: 2_000 };

/** The feature's loop: watches policies, their pods and templates, and has the policies applied that a change concerns. */
export class ResizingController {
  readonly #runtime: ResizingRuntime;
  readonly #seen: Seen;
  readonly #templates: ReadonlyMap<string, Pick<View<object, Template>, "get" | "on">>;
  readonly #owners: readonly Pick<View<object, ControllerView>, "on">[];
  readonly #claims: Claims;
  readonly #queue: WorkQueue;
  readonly #reconciler: Reconciler;

  constructor(runtime: ResizingRuntime, config: ResizingConfig, recurrenceOf: RecurrenceOf) {
    this.#runtime = runtime;
    this.#templates = new Map<string, Pick<View<object, Template>, "get" | "on">>([
      ["Deployment", runtime.view("deployments.apps", deploymentTemplates)],
      ["StatefulSet", runtime.view("statefulsets.apps", statefulSetTemplates)],
      ["DaemonSet", runtime.view("daemonsets.apps", daemonSetTemplates)],
      ["CronJob", runtime.view("cronjobs.batch", cronJobTemplates)],
    ]);
    const owners = {
      ReplicaSet: runtime.view("replicasets.apps", replicaSetView),
      Job: runtime.view("jobs.batch", jobView),
      PipelineRun: runtime.view("pipelineruns.plimsoll.dev", runView),
    };
    this.#owners = Object.values(owners);
    this.#seen = {
      policies: runtime.view("rightsizingpolicies.plimsoll.dev", appliedPolicies) as never,
      pods: runtime.view("pods", resizablePods),
      budgets: runtime.view("poddisruptionbudgets.policy", budgetView),
      owner: ownersIn(owners),
      template: (kind, namespace, name) => this.#templates.get(kind)?.get(namespace, name),
    };
    this.#claims = new Claims(this.#seen, runtime.clock);
    this.#queue = runtime.queue("resizing");
    const isHeld = ({ heldUntil }: SizeChange): boolean => heldUntil !== undefined && Date.parse(heldUntil) > runtime.clock.now();
    const policies = (): AppliedPolicy[] => [...this.#seen.policies.values()].filter(applies);
    const metrics = new ResizingMetrics(runtime.metrics, {
      policies: () => policies().length,
      hindered: () => policies().filter(({ status }) => findCondition(status, "Applying")?.status === "False").length,
      held: () => policies().flatMap(({ status }) => (status?.changes ?? []).filter(isHeld)).length,
    });
    const again = (key: string, after: number): void => this.#queue.addAfter(key, after);
    this.#reconciler = new Reconciler({ runtime, config, seen: this.#seen, claims: this.#claims, recurrenceOf, metrics, again });
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    this.#seen.policies.on((event) => this.#policyChanged(event));
    this.#seen.pods.on((event) => this.#podChanged(event));
    for (const view of this.#owners) view.on((event) => this.#ownerChanged(event));
    this.#seen.budgets.on(({ object: { namespace } }) =>
      this.#changedIn(namespace, gathered.change, ({ spec: { mode } }) => mode === "recreate"),
    );
    for (const view of this.#templates.values()) view.on((event) => this.#templateChanged(event));
    await this.#queue.run(width, (key) => this.#reconciler.reconcile(...splitKey(key)), signal);
  }

  #policyChanged(event: CacheEvent<AppliedPolicy>): void {
    const { type, object } = event;
    const { namespace = "", name, uid } = object.metadata;
    const key = `${namespace}/${name}`;
    if (type === "delete") {
      this.#queue.forget(key);
      this.#reconciler.forgetPolicy(uid);
    } else this.#queue.addAfter(key, gathered.start);
    const [before, after] = [type === "add" ? "" : choiceOf(event.old), type === "delete" ? "" : choiceOf(object)];
    // Others may have pods that it had, and it may have theirs.
    if (before !== after) this.#changedIn(namespace, gathered.change);
    if (!this.#seen.policies.by("namespace", namespace).some(applies)) this.#claims.forget(namespace);
  }

  #podChanged(event: CacheEvent<ResizablePod>): void {
    const { type, object } = event;
    if (type === "delete") this.#reconciler.forgetRefusal(object.uid);
    if (type === "update" && isDeepStrictEqual(event.old, object)) return;
    this.#claimChanged(object, type === "add" ? gathered.start : gathered.change);
  }

  /** To what pods belong in the end may be known only now, or be something else. */
  #ownerChanged(event: CacheEvent<ControllerView>): void {
    if (event.type === "update" && isDeepStrictEqual(event.old, event.object)) return;
    for (const pod of this.#seen.pods.by("owner", event.object.uid)) this.#claimChanged(pod, gathered.change);
  }

  #claimChanged({ namespace, name }: ResizablePod, after: number): void {
    const concerned = this.#claims.changed(namespace, name);
    this.#changedIn(namespace, after, ({ metadata: { uid } }) => concerned?.has(uid) ?? true);
  }

  /** Of one that is gone, or another now, it says nothing that it was refused to be changed. */
  #templateChanged(event: CacheEvent<Template>): void {
    const { type, object } = event;
    if (type === "delete" || (type === "update" && event.old.generation !== object.generation)) this.#reconciler.forgetRefusal(object.uid);
    this.#changedIn(object.namespace, gathered.change, ({ status }) =>
      (status?.recommendations ?? []).some(({ kind, name }) => kind === object.kind && name === object.name),
    );
  }

  /** Something has changed that may concern policies of a namespace, by default all of them. */
  #changedIn(namespace: string, after: number, isConcerned: (policy: AppliedPolicy) => boolean = () => true): void {
    for (const policy of this.#seen.policies.by("namespace", namespace))
      if (applies(policy) && isConcerned(policy)) this.#queue.addAfter(`${namespace}/${policy.metadata.name}`, after);
  }
}

function applies({ spec: { mode = "recommend" } }: AppliedPolicy): boolean {
  return mode !== "recommend";
}
