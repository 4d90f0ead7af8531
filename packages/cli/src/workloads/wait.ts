import { findCondition, type WorkloadSet } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import type { Client } from "../connect/connect.ts";
import { events } from "../runs/events.ts";
import { Failure } from "../failure.ts";

/** How long a set may stand there without the controller having looked at it; milliseconds. */
const patience = 15_000;

/** Reasons for which an object isn't as it should be until somebody does something. */
const final = new Set(["Invalid", "Conflict", "Immutable", "Owned", "Refused", "NotGranted", "Suspended"]);

/** Waits until all objects of a set are applied and healthy. Fails where that can't come by itself, or not in time. */
export async function awaitSet(
  client: Client,
  { metadata: { namespace = "", name, uid, generation = 0 } }: Stored<WorkloadSet>,
  timeout: number,
): Promise<void> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), timeout);
  const unseen = setTimeout(() => stop.abort(), Math.min(timeout, patience));
  let [told, isSeen] = ["", false];
  const say = (line: string): void => {
    if (line !== told) console.error(`${name}: ${line}`);
    told = line;
  };
  try {
    const changes = events(client("workloadsets.plimsoll.dev"), {
      resource: "workloadsets.plimsoll.dev",
      what: "a workload set",
      select: { namespace, fieldSelector: `metadata.name=${name}` },
      say,
      signal: stop.signal,
    });
    for await (const { type, object } of changes) {
      if (object.metadata.uid !== uid) continue;
      if (type === "delete") throw new Failure(`workload set "${name}" was deleted`);
      if ((object.status?.observedGeneration ?? 0) < generation) continue;
      isSeen = true;
      clearTimeout(unseen);
      if (isReady(object)) return;
      const fault = faultOf(object);
      if (fault !== undefined) throw new Failure(`workload set "${name}": ${fault}`);
      say(object.status?.message ?? "isn't ready yet");
    }
  } finally {
    clearTimeout(late);
    clearTimeout(unseen);
  }
  throw new Failure(
    isSeen
      ? `workload set "${name}" isn't ready in time: ${told}`
      : `nobody has looked at workload set "${name}": the feature workloads must be enabled, and work in namespace "${namespace}"`,
  );
}

function isReady(set: WorkloadSet): boolean {
  return ["Applied", "Healthy"].every((type) => findCondition(set.status, type)?.status === "True");
}

function faultOf(set: WorkloadSet): string | undefined {
  const [valid, applied, healthy] = ["Valid", "Applied", "Healthy"].map((type) => findCondition(set.status, type));
  if (valid?.status === "False") return valid.message;
  if (applied?.status === "False" && final.has(applied.reason)) return applied.message;
  return healthy?.status === "False" && healthy.reason === "Failed" ? healthy.message : undefined;
}
