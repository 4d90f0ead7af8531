import { AuditLog } from "@plimsoll/cluster";
import type { AuditEvent } from "@plimsoll/permissions";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inject, vi } from "vitest";
import { parse } from "yaml";

export interface RawAnswer {
  /** The HTTP status; 101 for a connection that was upgraded. */
  code: number;
  /** What the server's metav1.Status says; empty for any other answer. */
  message: string;
  /** As it was sent. */
  body: string;
  /** By which the audit log knows the request. */
  auditID: string;
}

export interface Sent {
  /** The bearer token of who asks; the administrator's certificate otherwise. */
  token?: string;
  /** Whom to impersonate. */
  as?: string;
  headers?: Record<string, string | string[]>;
  body?: unknown;
  contentType?: string;
}

const config: { clusters: { cluster: Record<string, string> }[]; users: { user: Record<string, string> }[] } = parse(
  readFileSync(inject("kubeconfig"), "utf8"),
);
const [cluster, user] = [config.clusters[0]?.cluster ?? {}, config.users[0]?.user ?? {}];
const data = (of: Record<string, string>, key: string): Buffer => Buffer.from(of[`${key}-data`] ?? "", "base64");
const server = new URL(cluster["server"] ?? "");
/** The certificate authority's, as PEM. */
export const ca = data(cluster, "certificate-authority");
const anonymous = new Agent({ ca, keepAlive: true, maxSockets: 16 });
const administrator = new Agent({
  ca,
  cert: data(user, "client-certificate"),
  key: data(user, "client-key"),
  keepAlive: true,
  maxSockets: 16,
});

/** Sends a request exactly as it is written, which no client does: any method, and a target that nothing cleans or encodes. */
export async function ask(
  method: string,
  target: string,
  { token, as, headers = {}, body, contentType = "application/json" }: Sent = {},
): Promise<RawAnswer> {
  const auditID = randomUUID();
  const sent = request({
    host: server.hostname,
    port: server.port,
    agent: token === undefined ? administrator : anonymous,
    method,
    path: target,
    headers: {
      ...headers,
      "audit-id": auditID,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(as !== undefined && { "impersonate-user": as }),
      ...(body !== undefined && { "content-type": contentType }),
    },
  }).end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, "response");
  const answer = await text(response);
  const isStatus = response.statusCode >= 400 && answer.startsWith('{"kind":"Status"');
  const status: { message?: string } = isStatus ? JSON.parse(answer) : {};
  return { code: response.statusCode, message: status.message ?? "", body: answer, auditID };
}

/** The API server's. */
export const auditLog = new AuditLog(join(inject("clusterFolder"), "audit.log"));

/** What the audit log says, after a mark, of the answers' requests, by audit ID: the last event of each. */
export async function auditOf(answers: readonly RawAnswer[], mark: number): Promise<Map<string, AuditEvent>> {
  const wanted = new Set(answers.map(({ auditID }) => auditID));
  return vi.waitUntil(
    async () => {
      const events = new Map<string, AuditEvent>();
      for await (const line of auditLog.lines(mark)) {
        const id = /"auditID":"([^"]+)"/.exec(line)?.[1] ?? "";
        if (wanted.has(id)) events.set(id, JSON.parse(line));
      }
      return events.size === wanted.size && events;
    },
    { timeout: 120_000, interval: 100 },
  );
}
