import { Counter, Gauge, type Registry } from "prom-client";
import type { Autoscaler } from "../decide/autoscaler.ts";

const writes = ["create", "patch", "delete", "status"] as const;
const reasons = ["NameTaken", "OtherAutoscaler", "Refused", "NotInstalled"] as const;

/** Why a target that is to have a VerticalPodAutoscaler has none. */
export type Reason = (typeof reasons)[number];

/** What the feature tells Prometheus. */
export class VpaMetrics {
  readonly #writes: Counter<"write">;

  /** `hindered`: why each target that is to have a VerticalPodAutoscaler has none. */
  constructor(registry: Registry, autoscalers: () => Iterable<Autoscaler>, hindered: () => Iterable<Reason>) {
    const registers = [registry];
    const count = (holds: (one: Autoscaler) => boolean): number => [...autoscalers()].filter((one) => one.isOurs && holds(one)).length;
    const objects: Gauge<"made_by"> = new Gauge({
      name: "plimsoll_vpa_objects",
      help: "VerticalPodAutoscalers that name plimsoll as their recommender, by who has made them: policy or user.",
      labelNames: ["made_by"],
      registers,
      collect: () => {
        objects.set(
          { made_by: "policy" },
          count(({ owner }) => owner !== undefined),
        );
        objects.set(
          { made_by: "user" },
          count(({ owner }) => owner === undefined),
        );
      },
    });
    const recommended: Gauge = new Gauge({
      name: "plimsoll_vpa_recommended",
      help: "Those of them whose status has a recommendation.",
      registers,
      collect: () => recommended.set(count(({ status }) => status.recommendation !== undefined)),
    });
    const without: Gauge<"reason"> = new Gauge({
      name: "plimsoll_vpa_hindered",
      help: "Workloads that are to have a VerticalPodAutoscaler and have none, by why.",
      labelNames: ["reason"],
      registers,
      collect: () => {
        const all = [...hindered()];
        for (const reason of reasons) without.set({ reason }, all.filter((one) => one === reason).length);
      },
    });
    this.#writes = new Counter({
      name: "plimsoll_vpa_writes_total",
      help: "Writes of VerticalPodAutoscalers: create, patch, delete, status.",
      labelNames: ["write"],
      registers,
    });
    // What was never there can't be seen to grow.
    for (const write of writes) this.#writes.inc({ write }, 0);
  }

  wrote(write: (typeof writes)[number]): void {
    this.#writes.inc({ write });
  }
}
