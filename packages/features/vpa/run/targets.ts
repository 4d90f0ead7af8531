import { isAlreadyExists, isConflict, isForbidden, isInvalid, isNotFound, isNotServed, messageOf, type WorkQueue } from "@plimsoll/kube";
import { telling, type Tell } from "../../telling.ts";
import type { Autoscaler } from "../decide/autoscaler.ts";
import { decide, type Observed, type Plan } from "../decide/plan.ts";
import type { Policy } from "../decide/policy.ts";
import type { VpaRuntime } from "../permissions.ts";
import { titleOf } from "../target.ts";
import { toldDeleted, toldHindered, toldLimitsStay, toldMade, toldMissing } from "../told.ts";
import { Absence } from "./absence.ts";
import type { Reason, VpaMetrics } from "./metrics.ts";

interface Options extends Pick<VpaRuntime, "client" | "clock" | "events" | "log" | "signal"> {
  observe: (key: string) => Observed;
  policyOf: (namespace: string, owner: { name: string; uid: string }) => Policy | undefined;
  queue: Pick<WorkQueue, "add" | "addAfter">;
  metrics: () => VpaMetrics;
}

/** What may pass, as a quota or somebody's admission webhook, is tried again after that; milliseconds. */
const refusalPause = 60_000;
/** The same for a name that was taken and isn't seen yet. */
const lagPause = 1_000;

/** Reconciles targets: each has the VerticalPodAutoscaler that its policy wants, or none, and those that take it the recommendation. */
export class Targets {
  readonly #options: Options;
  readonly #absence: Absence;
  readonly #tell: Tell;
  /** Why those that should have a VerticalPodAutoscaler have none. */
  readonly #hindered = new Map<string, { reason: Reason; message: string }>();
  /** By UID, the policies that were told that the kind is missing. */
  readonly #toldMissing = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
    this.#absence = new Absence(options.queue);
    this.#tell = telling("RightSizingPolicy", (occurrence) => options.events.record(occurrence));
  }

  *reasons(): Iterable<Reason> {
    for (const { reason } of this.#hindered.values()) yield reason;
  }

  /** There are VerticalPodAutoscalers: their kind is known. */
  seen(): void {
    if (!this.#absence.lasts) return;
    this.#options.log.info({}, "the API server knows VerticalPodAutoscaler: all that waited goes on");
    this.#absence.end();
    this.#toldMissing.clear();
  }

  async reconcile(key: string): Promise<void> {
    const plan = decide(this.#options.observe(key), this.#options.clock.now());
    for (const one of plan.remove) await this.#remove(one);
    if (plan.create === undefined) {
      this.#absence.gaveUp(key);
      this.#hinder(key, plan, plan.hindrance);
    } else if (this.#absence.keeps(key)) this.#missing(key, plan);
    else await this.#create(key, plan, plan.create);
    if (plan.patch !== undefined) await this.#patch(plan, plan.patch);
    for (const { of, change } of plan.statuses) await this.#writeStatus(of, change);
  }

  async #create(key: string, plan: Plan, object: NonNullable<Plan["create"]>): Promise<void> {
    const { client, queue, metrics, signal } = this.#options;
    const { source } = plan;
    const { name = "" } = object.metadata;
    try {
      await client("verticalpodautoscalers.autoscaling.k8s.io").create(object, { signal });
    } catch (error) {
      if (isNotServed(error)) {
        if (!this.#absence.lasts) this.#options.log.warn({}, toldMissing.note);
        this.#absence.noticed(key);
        return this.#missing(key, plan);
      }
      // Of a moment ago, or somebody else's: the watch will show it.
      if (isAlreadyExists(error)) return queue.addAfter(key, lagPause);
      // The namespace is going, and the policy with it.
      if (isNotFound(error)) return;
      if (!isForbidden(error) && !isInvalid(error)) throw error;
      queue.addAfter(key, refusalPause);
      return this.#hinder(key, plan, { reason: "Refused", message: messageOf(error) });
    }
    this.seen();
    this.#hinder(key, plan, undefined);
    metrics().wrote("create");
    if (source === undefined) return;
    this.#tell(source.policy, toldMade(name, titleOf(source.advice)));
    this.#tellOfLimits(plan, name);
  }

  async #patch(plan: Plan, { of, spec }: NonNullable<Plan["patch"]>): Promise<void> {
    const { namespace, name, uid, resourceVersion } = of;
    const body = { metadata: { uid, resourceVersion }, spec };
    const { client, metrics, signal } = this.#options;
    const isDone = await isStillSo(client("verticalpodautoscalers.autoscaling.k8s.io").patch({ namespace, name }, body, { signal }));
    if (!isDone) return;
    metrics().wrote("patch");
    this.#tellOfLimits(plan, name);
  }

  async #writeStatus({ namespace, name, uid, resourceVersion }: Autoscaler, status: object): Promise<void> {
    const body = { metadata: { uid, resourceVersion }, status };
    const { client, metrics, signal } = this.#options;
    const path = client("verticalpodautoscalers.autoscaling.k8s.io/status");
    if (await isStillSo(path.patch({ namespace, name }, body, { signal }))) metrics().wrote("status");
  }

  async #remove({ namespace, name, uid, owner }: Autoscaler): Promise<void> {
    const { client, metrics, policyOf, signal } = this.#options;
    const path = client("verticalpodautoscalers.autoscaling.k8s.io");
    if (!(await isStillSo(path.delete({ namespace, name }, { preconditions: { uid }, signal })))) return;
    metrics().wrote("delete");
    const policy = owner && policyOf(namespace, owner);
    if (policy !== undefined) this.#tell(policy, toldDeleted(name));
  }

  /** Remembers why a target has no VerticalPodAutoscaler, and tells what is new of that. */
  #hinder(key: string, { source }: Plan, why: { reason: Reason; message: string } | undefined): void {
    const before = this.#hindered.get(key);
    if (why === undefined) this.#hindered.delete(key);
    else this.#hindered.set(key, why);
    if (why !== undefined && source !== undefined && before?.message !== why.message)
      this.#tell(source.policy, toldHindered(why.reason, titleOf(source.advice), why.message));
  }

  /** Each policy is told once. */
  #missing(key: string, { source }: Plan): void {
    this.#hindered.set(key, { reason: "NotInstalled", message: "" });
    const uid = source?.policy.metadata.uid;
    if (source === undefined || uid === undefined || this.#toldMissing.has(uid)) return;
    this.#toldMissing.add(uid);
    this.#tell(source.policy, toldMissing);
  }

  #tellOfLimits({ source }: Plan, name: string): void {
    const containers =
      source?.advice.containers.filter(({ limits, recommended }) => limits === "remove" && recommended !== undefined) ?? [];
    if (source !== undefined && containers.length > 0)
      this.#tell(
        source.policy,
        toldLimitsStay(
          name,
          containers.map((one) => one.name),
        ),
      );
  }
}

/** False where the object is gone, or is another one by now: the watch will tell. */
async function isStillSo(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return false;
    throw error;
  }
}
