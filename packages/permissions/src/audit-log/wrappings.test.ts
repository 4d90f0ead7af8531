import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { infer } from "../infer/infer.ts";
import { inferFromLogs } from "./index.ts";

const user = { username: "system:serviceaccount:shop:app", groups: ["system:serviceaccounts"] };
const time = "2026-11-01T00:00:00.000000Z";
let id = 0;

function event(verb: string, requestURI: string, objectRef: object | undefined, more: object = {}) {
  const base = { kind: "Event", apiVersion: "audit.k8s.io/v1", level: "Metadata", auditID: `a${id++}`, stage: "ResponseComplete" };
  const annotations = { "authorization.k8s.io/decision": "allow" };
  return {
    ...base,
    requestURI,
    verb,
    user,
    objectRef,
    responseStatus: { code: 200 },
    requestReceivedTimestamp: time,
    annotations,
    ...more,
  };
}

const pods = { resource: "pods", namespace: "shop", apiVersion: "v1" };
const events = [
  event("list", "/api/v1/namespaces/shop/pods", pods),
  event("create", "/api/v1/namespaces/shop/pods/web-0/exec", { ...pods, name: "web-0", subresource: "exec" }),
  event("create", "/api/v1/namespaces/shop/pods", { ...pods, name: "made" }),
  event("get", "/apis/apps/v1/namespaces/shop/deployments/web", { ...pods, resource: "deployments", apiGroup: "apps", name: "web" }),
  event("list", "/api/v1/namespaces", { resource: "namespaces", apiVersion: "v1" }),
  event("delete", "/api/v1/nodes/n", { resource: "nodes", name: "n" }, { annotations: { "authorization.k8s.io/decision": "forbid" } }),
];
const texts = events.map((one) => JSON.stringify(one));

/** As Cloud Logging has it; the create's name is the body's. */
function gke(verb: string, kind: string, resourceName: string, refused = false) {
  return {
    insertId: `g${id++}`,
    timestamp: time,
    logName: "projects/p/logs/cloudaudit.googleapis.com%2Factivity",
    resource: { type: "k8s_cluster" },
    protoPayload: {
      "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
      serviceName: "k8s.io",
      methodName: `io.k8s.${kind}.${verb}`,
      resourceName,
      authenticationInfo: { principalEmail: user.username },
      authorizationInfo: [{ resource: resourceName, permission: `io.k8s.${kind}.${verb}`, ...(refused ? {} : { granted: true }) }],
      ...(refused && { status: { code: 7, message: "Forbidden" } }),
    },
  };
}
const entries = [
  gke("list", "core.v1.pods", "core/v1/namespaces/shop/pods"),
  gke("create", "core.v1.pods.exec", "core/v1/namespaces/shop/pods/web-0/exec"),
  gke("create", "core.v1.pods", "core/v1/namespaces/shop/pods/made"),
  gke("get", "apps.v1.deployments", "apps/v1/namespaces/shop/deployments/web"),
  gke("list", "core.v1.namespaces", "core/v1/namespaces"),
  gke("delete", "core.v1.nodes", "core/v1/nodes/n", true),
  {
    ...gke("get", "core.v1.nodes", "core/v1/nodes/n"),
    protoPayload: { serviceName: "container.googleapis.com", methodName: "x", resourceName: "y" },
  },
];

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const laidOut = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const aks = (log: string) => ({ category: "kube-audit", operationName: "x", properties: { log: `${log}\n`, stream: "stdout" } });
const table = events.map(({ auditID, stage, verb, requestURI, objectRef, responseStatus, annotations }) => ({
  AuditId: auditID,
  Stage: stage,
  Verb: verb,
  RequestUri: requestURI,
  User: user,
  ObjectRef: JSON.stringify(objectRef),
  ResponseStatus: responseStatus,
  Annotations: JSON.stringify(annotations),
  RequestReceivedTime: time,
}));

const logs: Record<string, [from: string | undefined, text: string]> = {
  "kube-apiserver's own": [undefined, texts.map((text) => `${text}\r\n`).join("")],
  "its own with a time before": [undefined, texts.map((text) => `2026-11-01T00:00:00Z ${text}\n`).join("")],
  "an array on one line": [undefined, lines([events])],
  "an array that is laid out": [undefined, laidOut(events)],
  "events that jq laid out": [undefined, events.map(laidOut).join("")],
  "an array of lists and events": [undefined, lines([[{ kind: "EventList", items: events.slice(1) }, events[0]]])],
  "an array with an event a line": [undefined, `[${texts.join(",\n")}]`],
  "CloudWatch's get-log-events": ["EKS", laidOut({ events: texts.map((message) => ({ timestamp: 1, message, ingestionTime: 1 })) })],
  "CloudWatch's messages, one a line": ["EKS", lines(texts.map((message) => ({ timestamp: 1, message })))],
  "a subscription of CloudWatch": [
    "EKS",
    lines([{ messageType: "DATA_MESSAGE", logGroup: "/aws/eks/x/cluster", logEvents: texts.map((message) => ({ id: "1", message })) }]),
  ],
  "CloudWatch's export to S3": [undefined, texts.map((text) => `2026-11-01T00:00:00.000Z ${text}\n`).join("")],
  "aws logs tail": ["EKS", texts.map((text) => `2026-11-01T00:00:00+00:00 kube-apiserver-audit-1 ${text}\n`).join("")],
  "CloudWatch Insights": [
    "EKS",
    laidOut({
      results: texts.map((value) => [
        { field: "@timestamp", value: "x" },
        { field: "@message", value },
      ]),
      status: "Complete",
    }),
  ],
  "Azure's storage account": ["AKS", lines(texts.map(aks))],
  "Azure's Event Hub": ["AKS", lines([{ records: texts.map(aks) }])],
  "Azure's table AKSAudit": ["AKS", laidOut(table)],
  "Azure's table AzureDiagnostics": ["AKS", lines(texts.map((log_s) => ({ Category: "kube-audit", log_s })))],
  "a sink of Cloud Logging": ["GKE", lines(entries)],
  "gcloud logging read": ["GKE", laidOut(entries)],
  "Cloud Logging's entries.list": ["GKE", lines([{ entries, nextPageToken: "x" }])],
  "events without line breaks": [undefined, texts.join("")],
  "an array without its end": [undefined, `[${texts.join()}`],
  "CloudWatch Insights' CSV": [
    undefined,
    `@timestamp,@message\n${texts.map((text) => `2026-11-01 00:00:00.000,"${text.replaceAll('"', '""')}"\n`).join("")}`,
  ],
  "CloudWatch Insights' JSON": ["EKS", laidOut(texts.map((text) => ({ "@timestamp": "x", "@message": text })))],
  "CloudWatch Insights' JSON, with objects": ["EKS", lines([events.map((event) => ({ "@timestamp": "x", "@message": event }))])],
  "Azure's category without reads": [
    "AKS (kube-audit-admin)",
    lines(texts.map((text) => ({ ...aks(text), category: "kube-audit-admin" }))),
  ],
  "Azure's other categories beside it": ["AKS", lines([...texts.map(aks), { ...aks("I1101 x"), category: "kube-scheduler" }])],
  "an answer of Azure's with AzureDiagnostics": [
    "AKS",
    laidOut({
      tables: [
        { name: "PrimaryResult", columns: [{ name: "Category" }, { name: "log_s" }], rows: texts.map((text) => ["kube-audit", text]) },
      ],
    }),
  ],
  "an answer of Azure's with AKSAuditAdmin": [
    "AKS (kube-audit-admin)",
    lines([
      {
        tables: [
          {
            columns: [...Object.keys(table[0] ?? {}), "Type"].map((name) => ({ name, type: "string" })),
            rows: table.map((row) => [...Object.values(row), "AKSAuditAdmin"]),
          },
        ],
      },
    ]),
  ],
  "Docker's json-file": [undefined, lines(texts.map((text) => ({ log: `${text}\n`, stream: "stdout", time })))],
  "Fluent Bit": [undefined, lines(events.map((event) => ({ date: 1, ...event, kubernetes: { pod_name: "kube-apiserver" } })))],
  Vector: [undefined, lines(texts.map((message) => ({ file: "audit.log", message, source_type: "file", timestamp: time })))],
  "a query of Loki": [
    undefined,
    lines([
      {
        status: "success",
        data: { resultType: "streams", result: [{ stream: { job: "audit" }, values: texts.map((text) => ["1", text]) }] },
      },
    ]),
  ],
  "a push to Loki": [undefined, lines([{ streams: [{ stream: { job: "audit" }, values: texts.map((text) => ["1", text, {}]) }] }])],
  "logcli -o jsonl": [undefined, lines(texts.map((line) => ({ labels: {}, line, timestamp: time })))],
  "a search of Elasticsearch": [
    undefined,
    laidOut({ took: 1, hits: { total: { value: 6 }, hits: events.map((_source) => ({ _index: "x", _source })) } }),
  ],
  "a dump of OpenSearch": [undefined, lines(texts.map((message) => ({ _id: "1", _source: { "@timestamp": time, message } })))],
  "Elastic Agent's integration": [
    undefined,
    lines(
      events.map(({ annotations, ...audit }) => ({
        _source: {
          message: "x",
          kubernetes: {
            audit: { ...audit, annotations: { "authorization_k8s_io/decision": annotations["authorization.k8s.io/decision"] } },
          },
        },
      })),
    ),
  ],
  "Splunk's results": [undefined, JSON.stringify({ preview: false, messages: [], results: texts.map((_raw) => ({ _raw })) })],
  "Splunk's export": [undefined, lines(texts.map((_raw) => ({ preview: false, result: { _raw } })))],
};

test.each(Object.entries(logs))("the same role follows from %s, gzipped too", async (_, [from, text]) => {
  for (const content of [text, gzipSync(text)]) {
    const folder = mkdtempSync(join(tmpdir(), "plimsoll-audit-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "log"), content);
    const { inference, malformed, sources, matched } = await inferFromLogs([join(folder, "log")], { user: user.username });
    expect({ malformed, matched, sources: [...sources] }).toEqual({ malformed: 0, matched: 5, sources: from === undefined ? [] : [from] });
    expect(infer(inference.requests)).toEqual({
      cluster: [{ verbs: ["list"], apiGroups: [""], resources: ["namespaces"] }],
      namespaces: new Map([
        [
          "shop",
          [
            { verbs: ["list", "create"], apiGroups: [""], resources: ["pods"] },
            { verbs: ["create"], apiGroups: [""], resources: ["pods/exec"], resourceNames: ["web-0"] },
            { verbs: ["get"], apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["web"] },
          ],
        ],
      ]),
    });
  }
});

test.each([
  ["", { objectRef: null, requestURI: "/healthz" }, { verb: "get", path: "/healthz" }],
  ["", { requestURI: null }, { verb: "get", group: "", resource: "pods", namespace: "shop" }],
  ["created", { verb: "create", requestURI: null }, { verb: "create", group: "", resource: "pods", namespace: "shop" }],
])("fields that are null are left out %s", async (_, more, request) => {
  const file = written(lines([{ ...event("get", "", pods), ...more }]));
  const { inference, malformed } = await inferFromLogs([file], { user: user.username });
  expect([malformed, inference.requests]).toEqual([0, [request]]);
});

test.each([
  ["apiVersion: audit.k8s.io/v1\nkind: Policy\n", "is YAML"],
  ["I1101 00:00:00.000000       1 server.go:1] x\n", "is a program's own log"],
  [
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]),
    "is packed by zstd: unpack it: zstd -dc FILE | plimsoll permissions infer --audit-log -",
  ],
  [lines([{ message: `${texts[0]?.slice(0, 80)}[Truncated...]` }]), "is an event that CloudWatch has cut"],
  [lines([gke("get", "", "version")]), "is a JSON object with insertId"],
  [lines([{ a: 1, b: 2 }]), "is a JSON object with a, b"],
  [lines([{ auditID: "1", stage: "Panic" }]), "lacks what an event has: verb, requestURI"],
  [lines([{ a: [{ "b c": texts[0] }] }]), `has events within: jq -c '.a | .[] | .["b c"] | fromjson' FILE`],
  ['{"kind":"Event",', "is JSON that is cut or broken"],
])("what %j looks like is told", async (content, looks) => {
  const { events: read, firstMalformed } = await inferFromLogs([written(content)]);
  expect(read).toBe(0);
  expect(firstMalformed?.looks).toContain(looks);
});

function written(content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "log"), content);
  return join(folder, "log");
}

test("what isn't an event in a wrapping is counted, with its line, and the rest is read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "log");
  writeFileSync(
    file,
    lines([{ message: texts[0] }, { message: `${texts[1]?.slice(0, 80)}[Truncated...]` }, { message: "I1101 kube-scheduler" }]),
  );
  expect(await inferFromLogs([file])).toMatchObject({ events: 1, malformed: 2, firstMalformed: { file, line: 2 } });
});

test.each([
  ["plain events", [{ jsonPayload: { message: "scaled" } }, ...events]],
  ["entries of Cloud Logging", [{ jsonPayload: { message: "scaled" } }, ...entries]],
])("what isn't an event in an array of %s is counted, and the rest is read", async (_, array) => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "log");
  writeFileSync(file, JSON.stringify(array));
  const { malformed, events: read } = await inferFromLogs([file]);
  expect([malformed, read > 1]).toEqual([1, true]);
});

test("of GKE's log, what a user has created has another name the next time", async () => {
  const made = "core/v1/namespaces/shop/configmaps/made";
  const { inference } = await inferFromLogs([
    written(lines([gke("create", "core.v1.configmaps", made), gke("update", "core.v1.configmaps", made)])),
  ]);
  expect(inference.roles().namespaces.get("shop")).toEqual([{ verbs: ["create", "update"], apiGroups: [""], resources: ["configmaps"] }]);
});

test("a watch of a log without queries may stand in for a list", async () => {
  const file = written(
    lines([gke("watch", "core.v1.pods", "core/v1/namespaces/shop/pods"), gke("watch", "apps.v1.deployments", "apps/v1/deployments")]),
  );
  const { inference } = await inferFromLogs([file]);
  expect(inference.listedByWatch).toEqual([
    { verb: "list", group: "", resource: "pods", namespace: "shop" },
    { verb: "list", group: "apps", resource: "deployments" },
  ]);
});

test("what GKE calls a subresource of a Namespace is none of its lists", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "log");
  writeFileSync(file, lines([gke("update", "core.v1.namespaces.finalize", "core/v1/namespaces/shop/finalize")]));
  const { inference } = await inferFromLogs([file]);
  expect(inference.requests).toEqual([
    { verb: "update", group: "", resource: "namespaces", subresource: "finalize", name: "shop", namespace: "shop" },
  ]);
});
