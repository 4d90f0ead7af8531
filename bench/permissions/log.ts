import { cacheFolder } from "@plimsoll/cluster";
import type { Request } from "@plimsoll/permissions";
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Random } from "../random.ts";
import { asked, makeUsers, type LoggedUser } from "./users.ts";

export interface GeneratedLog {
  plain: string;
  gzipped: string;
  events: number;
  /** Of the user asked for: how many requests were allowed, a watch once. */
  matched: number;
  /** The same without those that are alike. */
  requests: Request[];
}

interface Kind {
  group: string;
  version: string;
  resource: string;
  /** How many objects of it each namespace has. */
  objects: number;
}

const kinds: readonly Kind[] = [
  { group: "", version: "v1", resource: "pods", objects: 60 },
  { group: "", version: "v1", resource: "configmaps", objects: 15 },
  { group: "", version: "v1", resource: "secrets", objects: 10 },
  { group: "", version: "v1", resource: "services", objects: 8 },
  { group: "", version: "v1", resource: "serviceaccounts", objects: 5 },
  { group: "apps", version: "v1", resource: "deployments", objects: 8 },
  { group: "apps", version: "v1", resource: "replicasets", objects: 16 },
  { group: "batch", version: "v1", resource: "jobs", objects: 20 },
  { group: "coordination.k8s.io", version: "v1", resource: "leases", objects: 6 },
  { group: "discovery.k8s.io", version: "v1", resource: "endpointslices", objects: 12 },
  { group: "plimsoll.dev", version: "v1alpha1", resource: "pipelineruns", objects: 20 },
];
const verbs = ["get", "get", "get", "get", "update", "update", "patch", "list", "watch", "watch", "create", "delete"];
const paths = ["/readyz", "/livez?verbose=1", "/openapi/v3", "/apis", "/api"];
const methods: Record<string, string> = {
  list: "&limit=500",
  watch: "&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&timeout=8m15s&timeoutSeconds=495&watch=true",
};

/** What benchmarks keep. */
export const benchFolder = join(cacheFolder(), "bench");

/** An audit log at level Metadata, as kube-apiserver writes it, made once and kept in the cache folder (about 1.1 GB for a million events). */
export async function auditLog(events: number): Promise<GeneratedLog> {
  mkdirSync(benchFolder, { recursive: true });
  const plain = join(benchFolder, `audit-3-${events}.log`);
  const told = `${plain}.json`;
  const gzipped = `${plain}.gz`;
  if (!existsSync(told)) {
    const log = new Log(new Random(11));
    await pipeline(Readable.from(log.chunks(events)), createWriteStream(`${plain}.part`));
    renameSync(`${plain}.part`, plain);
    await pipeline(createReadStream(plain, { highWaterMark: 1 << 20 }), createGzip({ chunkSize: 1 << 20 }), createWriteStream(gzipped));
    writeFileSync(told, JSON.stringify({ matched: log.matched, requests: [...log.requests.values()] }));
  }
  const truth: Pick<GeneratedLog, "matched" | "requests"> = JSON.parse(readFileSync(told, "utf8"));
  return { plain, gzipped, events, ...truth };
}

class Log {
  matched = 0;
  readonly requests = new Map<string, Request>();
  readonly #random: Random;
  readonly #users: LoggedUser[];
  /** What each user works on. */
  readonly #work = new Map<LoggedUser, { kinds: Kind[]; namespaces: string[] }>();
  #time = Date.parse("2026-11-20T00:00:00Z");

  constructor(random: Random) {
    this.#random = random;
    const users = makeUsers(random);
    this.#users = users.flatMap((user) => Array<LoggedUser>(user.share).fill(user));
    for (const user of users)
      this.#work.set(user, {
        kinds: Array.from({ length: 3 }, () => random.of(kinds)),
        namespaces: Array.from({ length: 8 }, () => `apps-${random.below(40)}`),
      });
  }

  *chunks(events: number): Generator<string> {
    for (let lines: string[] = []; events > 0; lines = []) {
      while (lines.length < 1000 && events > 0) {
        const next = this.#request().slice(0, events);
        events -= next.length;
        lines.push(...next);
      }
      yield `${lines.join("\n")}\n`;
    }
  }

  /** One event, or a watch's two. */
  #request(): string[] {
    const random = this.#random;
    const who = random.of(this.#users);
    const forbidden = random.below(50) === 0;
    // The user asked for acts for itself, and others at times for it.
    const impersonated = !forbidden && who.user.username !== asked && random.below(400) === 0 ? random.of(this.#users) : undefined;
    const { verb, uri, objectRef, request } = this.#target(who);
    this.#time += 1 + random.below(80);
    const received = new Date(this.#time).toISOString().replace("Z", `${random.below(900) + 100}Z`);
    const event = (stage: string, finished: string): string =>
      escapeHtml(
        JSON.stringify({
          kind: "Event",
          apiVersion: "audit.k8s.io/v1",
          level: "Metadata",
          auditID: "",
          stage,
          requestURI: uri,
          verb,
          user: who.user,
          ...(impersonated && { impersonatedUser: impersonated.user }),
          sourceIPs: [`10.0.${random.below(4)}.${random.below(255)}`],
          userAgent: who.agent,
          ...(objectRef && { objectRef }),
          responseStatus: forbidden
            ? {
                metadata: {},
                status: "Failure",
                message: `forbidden: User "${who.user.username}" cannot ${verb} this`,
                reason: "Forbidden",
                code: 403,
              }
            : { metadata: {}, code: verb === "create" ? 201 : 200 },
          requestReceivedTimestamp: received,
          stageTimestamp: finished,
          annotations: {
            "authorization.k8s.io/decision": forbidden ? "forbid" : "allow",
            "authorization.k8s.io/reason": forbidden ? "" : who.reason,
          },
        }),
      );
    const id = random.uuid();
    const ended = new Date(this.#time + random.below(500_000)).toISOString().replace("Z", "042Z");
    const lines =
      verb === "watch" && !forbidden
        ? [event("ResponseStarted", received), event("ResponseComplete", ended)]
        : [event("ResponseComplete", received)];
    if (!forbidden && (impersonated ?? who).user.username === asked) {
      this.matched++;
      this.requests.set(JSON.stringify(request), request);
    }
    return lines.map((line) => line.replace('"auditID":""', `"auditID":"${id}"`));
  }

  #target(who: LoggedUser): { verb: string; uri: string; objectRef?: Record<string, string>; request: Request } {
    const random = this.#random;
    if (random.below(50) === 0) {
      const uri = random.of(paths);
      return { verb: "get", uri, request: { verb: "get", path: uri.split("?")[0] ?? "" } };
    }
    const work = this.#work.get(who) ?? { kinds: [], namespaces: [] };
    const { group, version, resource, objects } = random.of(work.kinds);
    const verb = random.of(verbs);
    const collection = verb === "list" || verb === "watch";
    const namespace = collection && random.below(2) === 0 ? "" : random.of(work.namespaces);
    const name = `${resource.slice(0, -1)}-${random.below(objects)}`;
    const subresource = (verb === "update" || verb === "patch") && random.below(2) === 0 ? "status" : "";
    const base = `${group ? `/apis/${group}` : "/api"}/${version}${namespace && `/namespaces/${namespace}`}/${resource}`;
    const uri = collection
      ? `${base}?resourceVersion=${random.below(1e8)}${methods[verb] ?? ""}`
      : `${base}${verb === "create" ? "" : `/${name}`}${subresource && `/${subresource}`}${verb === "get" ? "" : "?timeout=34s"}`;
    const changed = verb === "update" || verb === "create" ? { uid: random.uuid(), resourceVersion: String(random.below(1e8)) } : {};
    const request = {
      verb,
      group,
      resource,
      ...(subresource && { subresource }),
      ...(!collection && verb !== "create" && { name }),
      ...(namespace && { namespace }),
    };
    return {
      verb,
      uri,
      request,
      objectRef: {
        resource,
        ...(namespace && { namespace }),
        ...(!collection && { name }),
        ...(group && { apiGroup: group }),
        apiVersion: version,
        ...changed,
        ...(subresource && { subresource }),
      },
    };
  }
}

/** As Go's encoding/json does. */
function escapeHtml(json: string): string {
  return json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}
