import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AuditLog, parseAuditEvent } from "./audit.ts";

const created = {
  kind: "Event",
  apiVersion: "audit.k8s.io/v1",
  level: "Metadata",
  auditID: "6dbd3d3e",
  stage: "ResponseComplete",
  requestURI: "/apis/batch/v1/namespaces/default/jobs",
  verb: "create",
  user: { username: "system:serviceaccount:plimsoll:controller", groups: ["system:authenticated"] },
  userAgent: "plimsoll",
  objectRef: { resource: "jobs", namespace: "default", name: "digits-train", apiGroup: "batch", apiVersion: "v1" },
  responseStatus: { metadata: {}, code: 201 },
  requestReceivedTimestamp: "2026-11-21T07:22:10.000001Z",
  stageTimestamp: "2026-11-21T07:22:10.004003Z",
};

function log(text = ""): AuditLog {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "audit.log"), text);
  return new AuditLog(join(folder, "audit.log"));
}

const names = async (log: AuditLog, ...since: Parameters<AuditLog["since"]>): Promise<string[]> =>
  (await Array.fromAsync(log.since(...since))).map(({ name }) => name);
const line = (name: string): string => `${JSON.stringify({ ...created, objectRef: { ...created.objectRef, name } })}\n`;

test("an event says who did what to which object, and how it ended", () => {
  expect(parseAuditEvent(JSON.stringify(created))).toEqual({
    id: "6dbd3d3e",
    stage: "ResponseComplete",
    verb: "create",
    user: "system:serviceaccount:plimsoll:controller",
    groups: ["system:authenticated"],
    userAgent: "plimsoll",
    uri: "/apis/batch/v1/namespaces/default/jobs",
    group: "batch",
    resource: "jobs",
    subresource: "",
    namespace: "default",
    name: "digits-train",
    code: 201,
    reason: "",
    received: "2026-11-21T07:22:10.000001Z",
    at: "2026-11-21T07:22:10.004003Z",
  });
});

test("a request that is about no resource has empty fields", () => {
  const { objectRef: _, responseStatus: __, ...health } = { ...created, requestURI: "/readyz", verb: "get" };
  expect(parseAuditEvent(JSON.stringify(health))).toMatchObject({ uri: "/readyz", resource: "", code: 0 });
});

test("since a mark come the events that were logged after it, in order", async () => {
  const audit = log(line("a") + line("b"));
  const mark = await audit.mark();
  appendFileSync(audit.file, line("c") + line("d"));
  expect(await names(audit, mark)).toEqual(["c", "d"]);
  // A mark within a line is one that was set while the line was being written.
  expect(await names(audit, mark + 10)).toEqual(["d"]);
  expect(await names(audit)).toEqual(["a", "b", "c", "d"]);
  expect(await names(audit, await audit.mark())).toEqual([]);
  expect(await names(audit, mark, '"name":"d"')).toEqual(["d"]);
});

test("a line that is still being written is left out", async () => {
  const audit = log(line("a") + line("b").slice(0, 200));
  expect(await names(audit)).toEqual(["a"]);
});
