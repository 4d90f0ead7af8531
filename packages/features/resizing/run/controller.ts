import { splitKey, type CacheEvent, type View, type WorkQueue } from "@plimsoll/kube";
import { budgetView, jobView, replicaSetView, runView } from "@plimsoll/model";
import { ownersIn } from "@plimsoll/model/sizing";
import { findCondition } from "@plimsoll/api";
import { isDeepStrictEqual } from "node:util";
import type { ResizingConfig } from "../config.ts";
import type { RecurrenceOf } from "../decide/window.ts";
import { resizablePods, type ResizablePod } from "../observe/pod.ts";
import { cronJobTemplates, daemonSetTemplates, deploymentTemplates, statefulSetTemplates, type Template } from "../observe/template.ts";
import type { ResizingRuntime } from "../permissions.ts";
import { ResizingMetrics } from "./metrics.ts";
import { appliedPolicies, type AppliedPolicy } from "./policy.ts";
import { Reconciler, type Seen } from "./reconciler.ts";

/** Policies worked on at once. */
const width = 10;
/** How long what comes together is gathered, in milliseconds. A pod that starts waits the least: it is best changed before it has begun. */
const gathered = { start: 100, change: 2_000 };

/** The feature's loop: watches policies, their pods and templates, and has the policies applied that a change concerns. */
export class ResizingController {
  readonly #runtime: ResizingRuntime;
  readonly #seen: Seen;
  readonly #templates: ReadonlyMap<string, Pick<View<object, Template>, "get" | "on">>;
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
    this.#seen = {
      policies: runtime.view("rightsizingpolicies.plimsoll.dev", appliedPolicies) as never,
      pods: runtime.view("pods", resizablePods),
      budgets: runtime.view("poddisruptionbudgets.policy", budgetView),
      owner: ownersIn({
        ReplicaSet: runtime.view("replicasets.apps", replicaSetView),
        Job: runtime.view("jobs.batch", jobView),
        PipelineRun: runtime.view("pipelineruns.plimsoll.dev", runView),
      }),
      template: (kind, namespace, name) => this.#templates.get(kind)?.get(namespace, name),
    };
    this.#queue = runtime.queue("resizing");
    const policies = (): AppliedPolicy[] => [...this.#seen.policies.values()].filter(applies);
    const metrics = new ResizingMetrics(runtime.metrics, {
      policies: () => policies().length,
      hindered: () => policies().filter(({ status }) => findCondition(status, "Applying")?.status === "False").length,
      held: () => policies().flatMap(({ status }) => (status?.changes ?? []).filter(({ takenBack }) => takenBack !== undefined)).length,
    });
    const again = (key: string, after: number): void => this.#queue.addAfter(key, after);
    this.#reconciler = new Reconciler({ runtime, config, seen: this.#seen, recurrenceOf, metrics, again });
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    this.#seen.policies.on((event) => this.#policyChanged(event));
    this.#seen.pods.on((event) => this.#podChanged(event));
    this.#seen.budgets.on(({ object: { namespace } }) => this.#changedIn(namespace, gathered.change));
    for (const view of this.#templates.values()) view.on((event) => this.#templateChanged(event));
    await this.#queue.run(width, (key) => this.#reconciler.reconcile(...splitKey(key)), signal);
  }

  #policyChanged({ type, object: { metadata } }: CacheEvent<AppliedPolicy>): void {
    const key = `${metadata.namespace}/${metadata.name}`;
    if (type !== "delete") return this.#queue.addAfter(key, gathered.start);
    this.#queue.forget(key);
    this.#reconciler.forgetPolicy(metadata.uid);
  }

  #podChanged(event: CacheEvent<ResizablePod>): void {
    const { type, object } = event;
    if (type === "delete") this.#reconciler.forgetRefusal(object.uid);
    if (!this.#seen.policies.by("namespace", object.namespace).some(applies)) return;
    if (type === "update" && isDeepStrictEqual(event.old, object)) return;
    this.#changedIn(object.namespace, type === "add" ? gathered.start : gathered.change);
  }

  /** Of one that is gone, or another now, it says nothing that it was refused to be changed. */
  #templateChanged(event: CacheEvent<Template>): void {
    const { type, object } = event;
    if (type === "delete" || (type === "update" && event.old.generation !== object.generation)) this.#reconciler.forgetRefusal(object.uid);
    this.#changedIn(object.namespace, gathered.change);
  }

  /** Something has changed that may concern the policies of a namespace. */
  #changedIn(namespace: string, after: number): void {
    for (const policy of this.#seen.policies.by("namespace", namespace))
      if (applies(policy)) this.#queue.addAfter(`${namespace}/${policy.metadata.name}`, after);
  }
}

function applies({ spec: { mode = "recommend" } }: AppliedPolicy): boolean {
  return mode !== "recommend";
}
