import type { PipelineSpec } from "@plimsoll/api";
import type { AuditLog } from "@plimsoll/cluster";

/** Who asked the API server for what during a load, and how soon one step followed another. */
export interface Traffic {
  ours: { requests: number; writes: number; kinds: string };
  all: number;
  /** Requests of each user, the most first. */
  users: [user: string, requests: number][];
  /** How many pods found a node, by the second. */
  bindings: ReadonlyMap<number, number>;
  /** Milliseconds from the last final status write of the pods that a step waited for to its pod's creation. */
  latencies: number[];
}

const controller = "system:serviceaccount:plimsoll-system:plimsoll";
const writing = new Set(["create", "update", "patch", "delete"]);

/** Reads the traffic of one namespace from the audit log, after a mark. */
export async function readTraffic(audit: AuditLog, mark: number, namespace: string, pipeline: PipelineSpec): Promise<Traffic> {
  const kinds = new Map<string, number>();
  const users = new Map<string, number>();
  const created = new Map<string, number>();
  const podEnds = new Map<string, number>();
  const bindings = new Map<number, number>();
  let [requests, writes, all] = [0, 0, 0];
  for await (const event of audit.since(mark)) {
    if (event.namespace !== namespace || event.stage !== "ResponseComplete" || event.verb === "watch") continue;
    if (event.userAgent.startsWith("bench")) continue;
    all += 1;
    users.set(event.user, (users.get(event.user) ?? 0) + 1);
    if (event.user === controller) {
      requests += 1;
      if (writing.has(event.verb)) writes += 1;
      const kind = `${event.verb} ${event.resource}${event.subresource ? `/${event.subresource}` : ""}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (event.verb === "create" && event.resource === "pods" && event.subresource === "")
        created.set(event.name, Date.parse(event.received));
    }
    if (event.subresource === "binding" && event.verb === "create") {
      const second = Math.floor(Date.parse(event.received) / 1000);
      bindings.set(second, (bindings.get(second) ?? 0) + 1);
    }
    // The kubelet's part is played by KWOK; the last status that it writes of a pod is the final one.
    if (event.resource === "pods" && event.subresource === "status" && event.verb === "patch")
      podEnds.set(event.name, Date.parse(event.at));
  }
  return {
    ours: { requests, writes, kinds: [...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ") },
    all,
    users: [...users].sort(([, a], [, b]) => b - a),
    bindings,
    latencies: latencies(pipeline, created, podEnds),
  };
}

function latencies(pipeline: PipelineSpec, created: ReadonlyMap<string, number>, podEnds: ReadonlyMap<string, number>): number[] {
  const found: number[] = [];
  for (const [pod, at] of created) {
    const [run = "", name = ""] = pod.split("--");
    const needs = pipeline.steps.find((step) => step.name === name)?.needs ?? [];
    const ends = needs.map((need) => podEnds.get(`${run}--${need}--1`));
    if (ends.length > 0 && ends.every((end) => end !== undefined)) found.push(at - Math.max(...ends));
  }
  return found;
}
