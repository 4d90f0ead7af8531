import { gkeEvent } from "./gke.ts";
import { isRecord, parseJson } from "./json.ts";

/** Where a log is from, by how its events are wrapped. AKS's category of writes alone stands for itself. */
export type LogSource = "EKS" | "AKS" | "AKS (kube-audit-admin)" | "GKE";

type Fields = Record<string, unknown>;

/** How programs that pass logs on wrap them: what an object holds, one or an array of what may be events, in wrappings of their own or as JSON texts. */
interface Wrapping {
  from?: LogSource;
  /** Undefined for what isn't wrapped so. */
  open: (value: Fields) => unknown;
}

/** The first that opens counts, so that those which more than one program could have written come last. */
const wrappings: readonly Wrapping[] = [
  // CloudWatch Logs: GetLogEvents and FilterLogEvents; subscriptions; GetQueryResults of Insights, and what its console exports as JSON.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html, …/CWL_AnalyzeLogData-discoverable-fields.html
  { from: "EKS", open: ({ events }) => list(events) },
  { from: "EKS", open: ({ logEvents }) => list(logEvents) },
  { from: "EKS", open: ({ results }) => (list(results)?.every(Array.isArray) ? list(results)?.flat() : undefined) },
  { from: "EKS", open: ({ field, value }) => (typeof field !== "string" ? undefined : field === "@message" ? value : []) },
  { from: "EKS", open: (value) => value["@message"] },
  { from: "EKS", open: ({ timestamp, message }) => (typeof timestamp === "number" ? message : undefined) },
  // Azure Monitor: Event Hubs, storage accounts, and the answers of queries with the tables AzureDiagnostics, AKSAudit and AKSAuditAdmin.
  // https://learn.microsoft.com/azure/aks/monitor-aks-reference, …/azure-monitor/logs/api/response-format
  { from: "AKS", open: ({ records }) => list(records) },
  { from: "AKS", open: ({ tables }) => list(tables) },
  { from: "AKS", open: ({ columns, rows }) => rowsOf(columns, rows) },
  { from: "AKS (kube-audit-admin)", open: (value) => (/admin$/i.test(categoryOf(value)) ? azure(value) : undefined) },
  { from: "AKS", open: azure },
  // Cloud Logging: entries.list, and an entry as `gcloud logging read` and sinks have it.
  // https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list
  { from: "GKE", open: ({ entries }) => list(entries) },
  {
    from: "GKE",
    open: (value) => (isRecord(value["protoPayload"]) ? gkeEvent({ ...value, protoPayload: value["protoPayload"] }) : undefined),
  },
  // Loki: queries and pushes, and `logcli -o jsonl`. https://grafana.com/docs/loki/latest/reference/loki-http-api
  { open: ({ data }) => (isRecord(data) ? list(data["result"]) : undefined) },
  { open: ({ streams }) => list(streams) },
  { open: ({ stream, values }) => (isRecord(stream) ? list(values)?.map((one) => (Array.isArray(one) ? one[1] : one)) : undefined) },
  { open: ({ labels, line }) => (isRecord(labels) ? line : undefined) },
  // Elasticsearch and OpenSearch: searches and dumps; Elastic Agent's integration, which has no dots in keys of annotations; ECS.
  // https://www.elastic.co/docs/reference/integrations/kubernetes/audit-logs
  { open: ({ hits }) => (isRecord(hits) ? list(hits["hits"]) : list(hits)) },
  { open: ({ _source }) => _source },
  { open: ({ kubernetes }) => (isRecord(kubernetes) && isRecord(kubernetes["audit"]) ? withDots(kubernetes["audit"]) : undefined) },
  { open: ({ event }) => (isRecord(event) ? (event["original"] ?? (event["auditID"] === undefined ? undefined : event)) : event) },
  // Splunk's results and export. https://docs.splunk.com/Documentation/Splunk/latest/Search/ExportdatausingRESTAPI
  { open: ({ results }) => list(results) },
  { open: ({ result }) => (isRecord(result) ? result["_raw"] : undefined) },
  { open: ({ _raw }) => _raw },
  // Docker's json-file, Fluent Bit and Fluentd; Filebeat, Logstash and Vector.
  // https://docs.docker.com/engine/logging/drivers/json-file, https://vector.dev/docs/reference/configuration/sources/file
  { open: ({ log_processed }) => log_processed },
  { open: ({ log }) => log },
  { open: ({ message }) => message },
];

/** Under which these, and an EventList, hold lists of what may be events, or of lists of them. */
export const lists: ReadonlySet<string> = new Set([
  "items",
  "events",
  "logEvents",
  "results",
  "records",
  "tables",
  "rows",
  "entries",
  "data",
  "result",
  "streams",
  "values",
  "hits",
]);

/** What a JSON object wraps; undefined where it's no known wrapping. */
export function unwrapped(value: Fields): { from?: LogSource; held: unknown } | undefined {
  for (const { from, open } of wrappings) {
    const held = open(value);
    if (held !== undefined) return { ...(from !== undefined && { from }), held };
  }
  return undefined;
}

function list(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** An answer's rows as objects. */
function rowsOf(columns: unknown, rows: unknown): unknown {
  const names = list(columns)?.map((column) => (isRecord(column) ? String(column["name"]) : ""));
  return names && list(rows)?.map((row) => Object.fromEntries(names.map((name, index) => [name, list(row)?.[index]])));
}

/** A record or row. Other programs' logs stand beside those of the API server's audit. */
function azure(value: Fields): unknown {
  const { properties, log_s, AuditId } = value;
  if (typeof AuditId === "string") return fromTable(value);
  const held = isRecord(properties) ? properties["log"] : log_s;
  return typeof held === "string" && !/^($|kube-audit)/i.test(categoryOf(value)) ? [] : held;
}

function categoryOf({ category, Category, Type }: Fields): string {
  const found = category ?? Category ?? Type;
  return typeof found === "string" ? found : "";
}

/** A row of AKSAudit or AKSAuditAdmin, whose columns of several parts are objects or their JSON. */
function fromTable(row: Fields): unknown {
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

function withDots({ annotations, ...event }: Fields): unknown {
  if (!isRecord(annotations)) return event;
  return {
    ...event,
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [key.replace(/^authorization_k8s_io\//, "authorization.k8s.io/"), value]),
    ),
  };
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value ?? undefined;
  return value === "" ? undefined : parseJson(value, value);
}
