import { array, assert, asyncProperty, constantFrom, integer, nat, oneof, option, record, tuple } from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { inferFromLogs, type AuditLogOptions, type AuditLogSummary } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-sharing-"));
afterAll(() => rmSync(folder, { recursive: true }));

const user = (username: string): object => ({ username, uid: "1", groups: ["devs", "system:authenticated"], extra: { a: ["b"] } });

/** As kube-apiserver writes it, in its order of fields. */
const plain = record({
  auditID: constantFrom("1", "2", "3", "a-b"),
  stage: constantFrom("RequestReceived", "ResponseStarted", "ResponseStarted", "ResponseComplete", "ResponseComplete", "Panic"),
  requestURI: constantFrom(
    "/healthz?a=1&b=<2>",
    "/api/v1/namespaces/a/pods/p?x=1",
    '/api/v1/pods?watch=true&sendInitialEvents=true&a="b"',
    "/api/v1/pods?watch=true&timeoutSeconds=5",
    "/api/v1/namespaces/b/pods",
  ),
  verb: constantFrom("get", "list", "watch", "create", "update", "patch", "delete"),
  user: constantFrom("ann", "bob", 'say "ann"').map(user),
  impersonatedUser: option(constantFrom("ann", "eve").map(user), { nil: undefined, freq: 8 }),
  userAgent: constantFrom("kubectl", 'ann "x"'),
  objectRef: option(
    record({
      resource: constantFrom("pods", "jobs"),
      namespace: constantFrom("a", "b", undefined),
      name: constantFrom("p", "ann", "web-7d9f8c6b5d-x2k4j", undefined),
      uid: constantFrom("7", undefined),
      apiGroup: constantFrom("batch", undefined),
      apiVersion: constantFrom("v1", undefined),
      resourceVersion: nat(999).map(String),
      subresource: constantFrom("exec", "status", undefined, undefined),
    }),
    { nil: undefined, freq: 4 },
  ),
  responseStatus: record({ metadata: record({}), code: constantFrom(200, 201, 403) }),
  requestReceivedTimestamp: nat(9).map((second) => `2026-11-20T00:00:0${second}.000001Z`),
  stageTimestamp: constantFrom("2026-11-20T00:00:09.000001Z"),
  annotations: option(
    record({
      "authorization.k8s.io/decision": constantFrom("allow", "allow", "allow", "forbid"),
      "authorization.k8s.io/reason": constantFrom('User "ann"', ""),
    }),
    { nil: undefined, freq: 8 },
  ),
}).map((event) =>
  JSON.stringify({ kind: "Event", apiVersion: "audit.k8s.io/v1", level: "Metadata", ...event }).replaceAll(
    /[<>&]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ),
);

const line = oneof(
  { weight: 12, arbitrary: plain },
  { weight: 1, arbitrary: plain.map((text) => JSON.stringify(JSON.parse(text), undefined, " ").replaceAll("\n", "")) },
  { weight: 1, arbitrary: tuple(plain, integer({ min: 2, max: 500 })).map(([text, cut]) => text.slice(0, cut)) },
  { weight: 1, arbitrary: plain.map((text) => text.replace('"Metadata"', '"Request","requestObject":{"user":{"username":"ann"}}')) },
  { weight: 1, arbitrary: plain.map((text) => JSON.stringify({ message: text })) },
  { weight: 1, arbitrary: array(plain, { maxLength: 3 }).map((items) => `{"kind":"EventList","items":[${items.join()}]}`) },
  { weight: 1, arbitrary: constantFrom("", " ", "nonsense", "{}", "null", '{"kind":"Event"}', "\ufeff") },
);

const log = tuple(array(line, { minLength: 5, maxLength: 60 }), constantFrom("\n", "\r\n"), constantFrom("", "\n")).map(
  ([lines, end, last]) => lines.join(end) + last,
);

/** All that a summary tells. */
function told({ inference, ...rest }: AuditLogSummary): object {
  const { cluster, namespaces } = inference.roles();
  return {
    ...rest,
    roles: JSON.stringify({ cluster, namespaces: [...namespaces] }),
    requests: inference.requests,
    listed: inference.listedByWatch,
    fresh: [...inference.fresh],
  };
}

const alone = { threads: 0, least: 0, part: 1 };

test("threads that share a log come to the same as one, to the byte, wherever it is cut", async () => {
  const options: AuditLogOptions[] = [
    {},
    { user: "ann" },
    { user: 'say "ann"' },
    { refused: true },
    { since: Date.parse("2026-11-20T00:00:05Z") },
  ];
  await assert(
    asyncProperty(tuple(log, log), constantFrom(...options), constantFrom(1, 200, 700, 5000), async (texts, options, part) => {
      const files = texts.map((text, index) => {
        const file = join(folder, `log-${index}`);
        writeFileSync(file, text);
        return file;
      });
      expect(told(await inferFromLogs(files, options, { threads: 2, least: 0, part }))).toEqual(
        told(await inferFromLogs(files, options, alone)),
      );
    }),
    { numRuns: 40 },
  );
}, 300_000);

test("events that are known by their text come to the same as events that are parsed", async () => {
  await assert(
    asyncProperty(log, constantFrom<AuditLogOptions>({}, { user: "ann" }, { refused: true }), async (text, options) => {
      const file = join(folder, "log");
      writeFileSync(file, text);
      // Whoever is told of events is given them whole.
      const parsed = await inferFromLogs([file], { ...options, onEvent: () => undefined }, alone);
      expect(told(await inferFromLogs([file], options, alone))).toEqual(told(parsed));
    }),
    { numRuns: 300 },
  );
});

test("a line that no thread can hold, and what follows it, is read in pieces", async () => {
  const event = (id: number) =>
    `{"kind":"Event","auditID":"${id}","stage":"ResponseComplete","requestURI":"/${id % 5}","verb":"get","user":{"username":"ann"},"userAgent":"${"x".repeat(60_000)}"}`;
  const file = join(folder, "long-line");
  const array = Array.from({ length: 1200 }, (_, index) => event(index));
  writeFileSync(file, `${event(1)}\n${event(2)}\n[${array.join()}]\n${event(3)}\n${event(6)}`);
  const shared = await inferFromLogs([file], {}, { threads: 1, least: 0, part: 1000 });
  expect([shared.matched, shared.malformed]).toEqual([1204, 0]);
  expect(told(shared)).toEqual(told(await inferFromLogs([file], {}, alone)));
}, 60_000);

test("what isn't lines, an archive, and a line longer than a part are read all the same by threads", async () => {
  const event = { kind: "Event", auditID: "1", stage: "ResponseComplete", requestURI: "/a", verb: "get", user: { username: "ann" } };
  const long = JSON.stringify({ ...event, userAgent: "x".repeat(300_000) });
  const contents = [
    JSON.stringify([event, event], undefined, 2),
    gzipSync(`${JSON.stringify(event)}\n`),
    `${JSON.stringify(event)}\n${long}\n${long}`,
  ];
  for (const [index, content] of contents.entries()) {
    const file = join(folder, `odd-${index}`);
    writeFileSync(file, content);
    const shared = await inferFromLogs([file], {}, { threads: 1, least: 0, part: 1000 });
    expect(shared.matched).toBe(index === 0 ? 2 : index === 1 ? 1 : 3);
    expect(told(shared)).toEqual(told(await inferFromLogs([file], {}, alone)));
  }
});
