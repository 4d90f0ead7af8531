import { gkeEvent } from "./gke.ts";
import { isRecord, parseJson } from "./json.ts";

/** Where a log is from, by how its events are wrapped. */
export type LogSource = "EKS" | "AKS" | "GKE";

/** What may be an audit event, out of its wrapping. */
export interface Unwrapped {
  from: LogSource;
  events: unknown[];
}

/**
 * What a JSON value holds that a managed cluster's logs hand out; undefined where it's nothing of theirs. Shapes: CloudWatch Logs' get-log-events,
 * filter-log-events, subscriptions and Insights (EKS); Azure Monitor's storage accounts, Event Hubs and tables (AKS); Cloud Logging's entries
 * (GKE). A text that was cut, as CloudWatch cuts at 256 KB, comes as it is.
 */
export function unwrapped(value: unknown): Unwrapped | undefined {
  if (Array.isArray(value)) return joined(value);
  if (!isRecord(value)) return undefined;
  const { events, logEvents, records, results, message, properties, field, protoPayload } = value;
  if (Array.isArray(events) || Array.isArray(logEvents)) return all("EKS", events ?? logEvents);
  if (Array.isArray(results))
    return all(
      "EKS",
      results.flat().filter((cell) => isRecord(cell) && cell["field"] === "@message"),
    );
  if (Array.isArray(records)) return all("AKS", records);
  if (typeof message === "string") return { from: "EKS", events: [parsed(message)] };
  if (field === "@message") return { from: "EKS", events: [parsed(value["value"])] };
  if (isRecord(properties) && typeof properties["log"] === "string")
    return { from: "AKS", events: isAudit(value) ? [parsed(properties["log"])] : [] };
  if (typeof value["log_s"] === "string") return { from: "AKS", events: [parsed(value["log_s"])] };
  if (typeof value["AuditId"] === "string") return { from: "AKS", events: [fromTable(value)] };
  if (isRecord(protoPayload)) return { from: "GKE", events: gkeEvent({ ...value, protoPayload }) };
  return undefined;
}

function all(from: LogSource, values: unknown): Unwrapped {
  return { from, events: Array.isArray(values) ? values.flatMap((one: unknown) => unwrapped(one)?.events ?? [one]) : [] };
}

/** What is nothing of theirs stays as it is: no event, as other programs' logs in an export that wasn't filtered. */
function joined(values: readonly unknown[]): Unwrapped | undefined {
  const parts = values.map((value) => ({ value, part: unwrapped(value) }));
  const first = parts.find(({ part }) => part !== undefined)?.part;
  return first && { from: first.from, events: parts.flatMap(({ value, part }) => part?.events ?? [value]) };
}

/** Other programs' logs stand beside those of the API server's audit. */
function isAudit({ category }: Record<string, unknown>): boolean {
  return category === undefined || (typeof category === "string" && category.toLowerCase().startsWith("kube-audit"));
}

/** A row of AKSAudit or AKSAuditAdmin, whose columns of several parts are objects or their JSON. */
function fromTable(row: Record<string, unknown>): unknown {
  return {
    auditID: row["AuditId"],
    stage: row["Stage"],
    verb: row["Verb"],
    requestURI: row["RequestUri"],
    user: parsed(row["User"]),
    impersonatedUser: parsed(row["ImpersonatedUser"]),
    objectRef: parsed(row["ObjectRef"]),
    responseStatus: parsed(row["ResponseStatus"]),
    annotations: parsed(row["Annotations"]),
    requestReceivedTimestamp: row["RequestReceivedTime"],
    stageTimestamp: row["StageReceivedTime"],
  };
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value ?? undefined;
  return value === "" ? undefined : parseJson(value, value);
}
