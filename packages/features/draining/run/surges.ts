import type { SurgedDeployment } from "@plimsoll/api";
import { isConflict, isNotFound, type ObjectReference } from "@plimsoll/kube";
import type { PodView } from "@plimsoll/model";
import type { DrainView } from "../decide/drain-view.ts";
import { deploymentOf } from "../decide/surge.ts";
import type { DrainingMetrics } from "../metrics.ts";
import type { DrainingRuntime } from "../permissions.ts";
import type { Surge } from "../plan/index.ts";
import { toldOfSurge } from "../told.ts";

interface Hands extends Pick<DrainingRuntime, "client" | "events" | "log"> {
  metrics: DrainingMetrics;
  /** Writes at once which Deployments of a Drain are surged. */
  save: (drain: DrainView, surges: readonly SurgedDeployment[]) => Promise<void>;
}

/**
 * Gives Deployments one more replica, and their scale again. What is about to be done stands in the Drain's status before it is done, so that
 * whoever comes after a crash finds it.
 */
export class Surges {
  readonly #hands: Hands;
  /** Why nothing can be given one more replica, by the UID of what owns its pods. */
  readonly #impossible = new Map<string, string>();
  /** What was raised, or seen to be, by this process. */
  readonly #raised = new Set<string>();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** Whether a pod's workload can be given one more replica, as far as is known. */
  canSurge(pod: PodView): boolean {
    return deploymentOf(pod) !== undefined && !this.#impossible.has(pod.owner?.uid ?? "");
  }

  clear(): void {
    this.#impossible.clear();
    this.#raised.clear();
  }

  async raise(drain: DrainView, { pod, owner }: Surge, signal: AbortSignal): Promise<void> {
    const { client, save } = this.#hands;
    const { namespace } = pod;
    const surges = drain.status.surges ?? [];
    const known = surges.find((one) => one.namespace === namespace && one.deployment === deploymentOf(pod));
    if (known !== undefined) return this.#resume(drain, known, signal);
    const deployment = await this.#deploymentOf(pod, signal);
    if (deployment === undefined) return this.#cannot(drain, pod, "no Deployment owns its ReplicaSet");
    const scaler = await this.#autoscalerOf(namespace, deployment, signal);
    if (scaler !== undefined)
      return this.#cannot(
        drain,
        pod,
        `the HorizontalPodAutoscaler ${scaler} scales its Deployment ${deployment}, and would take a further replica away: raise its minReplicas yourself`,
      );
    const { metadata, spec } = await client("deployments.apps/scale").get({ namespace, name: deployment }, { signal });
    const replicas = spec?.replicas ?? 0;
    const { uid, resourceVersion } = metadata;
    const surged = { namespace, deployment, uid, replicas, surged: replicas + 1, resourceVersion };
    this.#hands.log.info(
      { drain: drain.name, namespace, deployment, replicas, owner: owner.name },
      "a Deployment is given one more replica",
    );
    await save(drain, [...surges, surged]);
    await this.#scaleUp(drain, surged, signal);
  }

  /** After a crash it may have been raised or not; otherwise it has been. */
  async #resume(drain: DrainView, surged: SurgedDeployment, signal: AbortSignal): Promise<void> {
    if (this.#raised.has(surged.uid)) return;
    const now = await this.#scaleOf(surged, signal);
    if (now?.replicas === surged.replicas) return this.#scaleUp(drain, { ...surged, resourceVersion: now.resourceVersion }, signal);
    if (now?.replicas === surged.surged) this.#raised.add(surged.uid);
    else await this.#drop(drain, surged, now);
  }

  async #scaleUp(drain: DrainView, surged: SurgedDeployment, signal: AbortSignal): Promise<void> {
    if (!(await this.#scale(surged, surged.surged, surged.resourceVersion, signal))) return;
    this.#raised.add(surged.uid);
    this.#hands.metrics.surged("raised");
    const note = `scaled from ${surged.replicas} to ${surged.surged} replicas, until its pods have moved from the nodes of the Drain ${drain.name}`;
    this.#hands.events.record(toldOfSurge(referenceOf(surged), drain, "Surged", note));
  }

  /** Gives a Deployment its scale again, unless somebody else has scaled it meanwhile. */
  async undo(drain: DrainView, surged: SurgedDeployment, signal: AbortSignal): Promise<void> {
    const now = await this.#scaleOf(surged, signal);
    if (now?.replicas !== surged.surged) return this.#drop(drain, surged, now);
    if (!(await this.#scale(surged, surged.replicas, now.resourceVersion, signal))) return;
    this.#hands.metrics.surged("undone");
    const note = `scaled back from ${surged.surged} to ${surged.replicas} replicas`;
    this.#hands.events.record(toldOfSurge(referenceOf(surged), drain, "SurgeUndone", note));
    await this.#forget(drain, surged);
  }

  async #drop(drain: DrainView, surged: SurgedDeployment, now: { replicas: number } | undefined): Promise<void> {
    // It has its scale, or is gone: what this process, or the one before it, has done, or need not do any more.
    if (now !== undefined && now.replicas !== surged.replicas) {
      this.#hands.metrics.surged("left");
      const note = `left at ${now.replicas} replicas: it was scaled from ${surged.replicas} to ${surged.surged} for the Drain ${drain.name}, and by somebody else since`;
      this.#hands.events.record(toldOfSurge(referenceOf(surged), drain, "SurgeLeft", note));
    }
    await this.#forget(drain, surged);
  }

  async #forget(drain: DrainView, { uid }: SurgedDeployment): Promise<void> {
    this.#raised.delete(uid);
    await this.#hands.save(
      drain,
      (drain.status.surges ?? []).filter((one) => one.uid !== uid),
    );
  }

  #cannot(drain: DrainView, pod: PodView, why: string): void {
    this.#impossible.set(pod.owner?.uid ?? "", why);
    const regarding = { apiVersion: "v1", kind: "Pod", namespace: pod.namespace, name: pod.name, uid: pod.uid };
    this.#hands.events.record(toldOfSurge(regarding, drain, "SurgeNotPossible", `goes as without surge: ${why}`));
  }

  async #deploymentOf({ namespace, owner }: PodView, signal: AbortSignal): Promise<string | undefined> {
    try {
      const { metadata } = await this.#hands.client("replicasets.apps").get({ namespace, name: owner?.name ?? "" }, { signal });
      return metadata.ownerReferences?.find(
        ({ controller, kind, apiVersion }) => controller && kind === "Deployment" && apiVersion.startsWith("apps/"),
      )?.name;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #autoscalerOf(namespace: string, deployment: string, signal: AbortSignal): Promise<string | undefined> {
    for await (const { metadata, spec } of this.#hands.client("horizontalpodautoscalers.autoscaling").list({ namespace, signal }))
      if (spec?.scaleTargetRef.kind === "Deployment" && spec.scaleTargetRef.name === deployment) return metadata.name;
    return undefined;
  }

  async #scaleOf({ namespace, deployment: name, uid }: SurgedDeployment, signal: AbortSignal) {
    try {
      const { metadata, spec } = await this.#hands.client("deployments.apps/scale").get({ namespace, name }, { signal });
      return metadata.uid === uid ? { replicas: spec?.replicas ?? 0, resourceVersion: metadata.resourceVersion } : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** False where the Deployment has changed meanwhile: it is looked at again. */
  async #scale(
    { namespace, deployment: name }: SurgedDeployment,
    replicas: number,
    resourceVersion: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      await this.#hands
        .client("deployments.apps/scale")
        .patch({ namespace, name }, { metadata: { resourceVersion }, spec: { replicas } }, { signal });
      return true;
    } catch (error) {
      if (isConflict(error) || isNotFound(error)) return false;
      throw error;
    }
  }
}

function referenceOf({ namespace, deployment: name, uid }: SurgedDeployment): ObjectReference {
  return { apiVersion: "apps/v1", kind: "Deployment", namespace, name, uid };
}
