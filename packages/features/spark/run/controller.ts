import type { ScheduledSparkApplication, SparkApplication } from "@plimsoll/api";
import { Latest, splitKey, type CacheEvent, type View, type WorkQueue } from "@plimsoll/kube";
import { newestVersion } from "../../newest-version.ts";
import type { SparkConfig } from "../config.ts";
import type { Application } from "../decide/application.ts";
import { labels } from "../labels.ts";
import { SparkMetrics } from "../metrics.ts";
import type { SparkRuntime } from "../permissions.ts";
import type { Scheduling } from "../schedule/scheduling.ts";
import { Applications } from "./applications.ts";
import { applicationOf, sparkPodOf, type SparkPod } from "./project.ts";
import { Schedules } from "./schedules.ts";
import { scheduledOf, type Scheduled } from "./scheduled.ts";
import { Specs } from "./specs.ts";
import { Submitter } from "./submit.ts";

/** Applications, and schedules, worked on at once. */
const width = 50;

/** The feature's loop: watches applications, their pods and their schedules, and has those reconciled that a change concerns. */
export class SparkController {
  readonly #runtime: SparkRuntime;
  readonly #config: SparkConfig;
  readonly #scheduling: Scheduling;
  readonly #applications: View<SparkApplication, Application, "schedule">;
  readonly #pods: View<object, SparkPod, "application">;
  readonly #scheduled: View<ScheduledSparkApplication, Scheduled>;
  readonly #queues: { applications: WorkQueue; schedules: WorkQueue };
  readonly #metrics: SparkMetrics;
  readonly #specs: Specs;

  constructor(runtime: SparkRuntime, config: SparkConfig, scheduling: Scheduling) {
    this.#runtime = runtime;
    this.#config = config;
    this.#scheduling = scheduling;
    this.#specs = new Specs(config);
    this.#applications = runtime.view("sparkapplications.sparkoperator.k8s.io", {
      project: (application) => applicationOf(application, this.#specs),
      indexes: { schedule: ({ schedule }) => (schedule === undefined ? [] : [schedule.uid]) },
    });
    this.#pods = runtime.view("pods", {
      project: sparkPodOf,
      select: { labelSelector: labels.role },
      indexes: { application: (pod) => [keyOfPod(pod)] },
    }) as never;
    this.#scheduled = runtime.view("scheduledsparkapplications.sparkoperator.k8s.io", {
      project: (one) => scheduledOf(one, config, scheduling),
    });
    this.#queues = { applications: runtime.queue("spark-applications"), schedules: runtime.queue("spark-schedules") };
    this.#metrics = new SparkMetrics(runtime.metrics, () => this.#states());
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal, client, clock } = this.#runtime;
    await synced();
    await elected;
    const { applications, schedules } = this.#queues;
    const since = await newestVersion(client("sparkapplications.sparkoperator.k8s.io"), this.#runtime);
    const common = { ...this.#runtime, metrics: this.#metrics, rules: this.#config, specs: this.#specs };
    const work = new Applications({
      ...common,
      latest: new Latest((one) => one, since),
      submitter: new Submitter(client, this.#config),
      seen: (key) => this.#applications.get(...splitKey(key)),
      pods: (application) => this.#podsOf(application),
      again: (key, milliseconds) => applications.addAfter(key, milliseconds),
    });
    const starting = new Schedules({
      ...common,
      scheduling: this.#scheduling,
      latest: new Latest((one) => one, since),
      seen: (key) => this.#scheduled.get(...splitKey(key)),
      runs: ({ uid }) => this.#applications.by("schedule", uid),
      again: (key, at) => schedules.addAfter(key, Math.max(1, Math.min(at - clock.now(), 30_000))),
    });
    this.#applications.on((event) => {
      const { object } = event;
      this.#changed(event, applications, (uid) => work.forget(uid));
      if (object.schedule !== undefined) schedules.add(`${object.namespace}/${object.schedule.name}`);
    });
    this.#scheduled.on((event) => this.#changed(event, schedules, (uid) => starting.forget(uid)));
    this.#pods.on(({ object }) => applications.add(keyOfPod(object)));
    await Promise.all([
      applications.run(width, (key) => work.reconcile(key), signal),
      schedules.run(width, (key) => starting.reconcile(key), signal),
    ]);
  }

  #changed(event: CacheEvent<{ namespace: string; name: string; uid: string }>, queue: WorkQueue, forget: (uid: string) => void): void {
    const { namespace, name, uid } = event.object;
    const key = `${namespace}/${name}`;
    if (event.type !== "delete") return queue.add(key);
    forget(uid);
    queue.forget(key);
  }

  #podsOf({ namespace, name, uid }: Application) {
    const pods = this.#pods.by("application", `${namespace}/${name}`);
    return {
      drivers: pods.filter((pod) => pod.role === "driver").filter(({ owner }) => owner === uid),
      executors: pods.filter((pod) => pod.role === "executor"),
    };
  }

  *#states(): Iterable<string> {
    for (const { status } of this.#applications.values()) yield status.applicationState?.state ?? "";
  }
}

function keyOfPod({ namespace, application }: Pick<SparkPod, "namespace" | "application">): string {
  return `${namespace}/${application}`;
}
