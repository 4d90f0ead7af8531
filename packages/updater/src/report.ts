import { EventRecorder, eventPermissions, type Sender } from "@plimsoll/kube";
import type { Cluster } from "./cluster/cluster.ts";
import type { Running } from "./health/health.ts";

/** The condition by which each Deployment says what came of the last look. */
export const conditionType = "plimsoll.dev/Updated";

/** What came of a look. */
export interface Outcome {
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
}

/** Longest message of a condition (metav1.Condition has the same). */
const most = 32_768;

/** Tells people, by a condition of the Deployments and, where that has changed, by an event of each. */
export class Reporter {
  readonly #cluster: Cluster;
  readonly #recorder: EventRecorder;

  constructor(sender: Sender, cluster: Cluster, namespace: string, instance: string) {
    this.#cluster = cluster;
    const client = eventPermissions.client(sender, { own: namespace, chosen: [namespace] });
    this.#recorder = new EventRecorder(client, { controller: "plimsoll.dev/updater", instance, namespaces: [namespace] });
  }

  async tell(running: readonly Running[], { status, reason, message: whole }: Outcome): Promise<void> {
    const message = whole.length > most ? `${whole.slice(0, most - 1)}…` : whole;
    for (const one of running) {
      const isNew = await this.#cluster.tell(one, { type: conditionType, status, reason, message });
      const { metadata } = one.deployment ?? {};
      if (!isNew || reason === "UpToDate" || metadata?.uid === undefined) continue;
      this.#recorder.record({
        regarding: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          namespace: metadata.namespace,
          name: metadata.name ?? "",
          uid: metadata.uid,
        },
        type: status === "False" ? "Warning" : "Normal",
        reason,
        action: "Updating",
        note: message,
      });
    }
    await this.#recorder.flush(5_000);
  }
}
