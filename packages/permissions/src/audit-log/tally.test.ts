import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  property,
  record,
  string,
  tuple,
  uniqueArray,
  type Arbitrary,
} from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../infer/audit.ts";
import { Inference } from "../infer/infer.ts";
import type { AuditLogFilter } from "./scanner.ts";
import { Tally } from "./tally.ts";

const users = [
  "ann",
  "an",
  "a",
  "<ann>&co",
  'say "ann"',
  "back\\slash",
  "https://issuer/#ann",
  "анна",
  "a\u2028b",
  "😀",
  "tab\there",
  "u0061nn",
  "\ufffd",
  "",
];
const second = (number: number): string => `2026-11-20T00:00:0${number}.000001Z`;

/** Events of many, and more of one. */
function eventOf(main: string): Arbitrary<object> {
  const name = oneof(constant(main), constantFrom(...users));
  const user = record({ username: name, groups: constant(["system:authenticated", "devs"]) });
  return record({
    kind: constant("Event"),
    apiVersion: constant("audit.k8s.io/v1"),
    level: constant("Metadata"),
    auditID: constantFrom("1", "2", "3"),
    stage: constantFrom("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"),
    requestURI: constantFrom("/healthz?a=1&b=<2>", '/api/v1/x?y="ann"'),
    verb: constantFrom("get", "watch", "create"),
    user,
    impersonatedUser: option(user, { nil: undefined, freq: 4 }),
    userAgent: name,
    authenticationMetadata: option(
      record({ impersonationConstraint: constantFrom("impersonate:user-info", "impersonate:serviceaccount") }),
      { nil: undefined, freq: 2 },
    ),
    objectRef: option(record({ resource: constantFrom("pods", "jobs"), name, namespace: constantFrom("a", "b") }), { nil: undefined }),
    responseStatus: record({ code: constantFrom(200, 403) }),
    requestReceivedTimestamp: option(nat(9).map(second), { nil: undefined }),
    annotations: option(
      record({
        "authorization.k8s.io/decision": constantFrom("allow", "allow", "forbid"),
        "authorization.k8s.io/reason": constantFrom('User "ann"', ""),
      }),
      { nil: undefined },
    ),
  });
}

const unit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
const strings = /"(?:[^"\\]|\\.)*"/g;
const spellings: ((json: string) => string)[] = [
  (json) => json,
  (json) => json.replace(/[<>&\u2028\u2029]/g, unit),
  (json) => json.replace(/[^ -~]/g, (character) => unit(character).toUpperCase().replace("U", "u")),
  (json) => json.replaceAll("/", "\\/"),
  (json) =>
    json.replace(
      strings,
      (text) => `"${Array.from({ length: JSON.parse(text).length }, (_, index) => unit(JSON.parse(text)[index])).join("")}"`,
    ),
  (json) => json.replaceAll(":", " : ").replaceAll('"Event"', '"Event" '),
];
const begin = '{"kind":"Event",';

function logOf(main: string): Arbitrary<string> {
  const event = eventOf(main);
  // Begun as kube-apiserver begins, so that only the name can have them parsed.
  const written = tuple(event, constantFrom(...spellings)).map(
    ([event, spell]) => begin + spell(JSON.stringify(event).slice(begin.length)),
  );
  const line = oneof(
    { weight: 8, arbitrary: written },
    { weight: 1, arbitrary: tuple(written, integer({ min: 2, max: 200 })).map(([text, cut]) => text.slice(0, cut)) },
    { weight: 1, arbitrary: constantFrom("", " ", "{}", "[]", "null", "12", "ann", '{"kind":"Pod"}', '{"kind":"Event"}', '"ann"') },
    {
      weight: 1,
      arbitrary: array(event, { maxLength: 3 }).map((items) => JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", items })),
    },
  );
  return tuple(array(line, { maxLength: 12 }), constantFrom("\n", "\r\n"), boolean()).map(
    ([lines, end, ended]) => lines.join(end) + (ended ? end : ""),
  );
}

const main = constantFrom(...users);
const time = option(
  nat(9).map((number) => Date.parse(second(number))),
  { nil: undefined },
);
const logs = main.chain((user) =>
  tuple(logOf(user), boolean(), time).map(([text, filtered, since]): [string, AuditLogFilter] => [
    text,
    { ...(filtered && { user }), ...(since !== undefined && { since }) },
  ]),
);

function tally(text: string | Buffer, filter: AuditLogFilter, cuts: readonly number[]): Tally {
  const bytes = Buffer.from(text);
  const tally = new Tally(filter);
  tally.begin("audit.log");
  const bounds = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [index, from] of bounds.slice(0, -1).entries()) {
    const chunk = Buffer.from(bytes.subarray(from, bounds[index + 1]));
    tally.push(chunk);
    // The chunk is the caller's to use again.
    chunk.fill(0x7a);
  }
  tally.end();
  return tally;
}

/** What it should come to: every line parsed, every event added. */
function obvious(
  text: string,
  { user, since }: AuditLogFilter,
): { inference: Inference; events: number; matched: number; malformed: number[] } {
  const inference = new Inference();
  const malformed: number[] = [];
  let [events, matched] = [0, 0];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    let found: (AuditEvent & { requestReceivedTimestamp?: string })[] = [];
    try {
      const value = JSON.parse(line);
      found = value.kind === "EventList" ? value.items : [value];
      if (!found.every((one) => "auditID" in one)) throw new Error("not an event");
    } catch {
      malformed.push(index + 1);
      continue;
    }
    events += found.length;
    for (const one of found)
      if (
        !(since !== undefined && one.requestReceivedTimestamp && Date.parse(one.requestReceivedTimestamp) < since) &&
        inference.add(one, user)
      )
        matched++;
  }
  return { inference, events, matched, malformed };
}

const getByAnn = JSON.stringify({
  kind: "Event",
  auditID: "1",
  stage: "ResponseComplete",
  requestURI: "/a",
  verb: "get",
  user: { username: "ann" },
});

describe("a log's tally", () => {
  const cuts = oneof(
    uniqueArray(nat(5000), { maxLength: 10 }),
    integer({ min: 1, max: 40 }).map((step) => Array.from({ length: 4000 / step }, (_, index) => index * step)),
  );

  test("is what parsing every line gives, wherever chunks end and however names are spelt", () => {
    assert(
      property(logs, cuts, ([text, filter], cuts) => {
        const { summary } = tally(text, filter, cuts);
        const expected = obvious(text, filter);
        expect(summary.inference.requests).toEqual(expected.inference.requests);
        expect(summary.inference.roles()).toEqual(expected.inference.roles());
        expect(summary.matched).toBe(expected.matched);
        if (filter.user !== undefined) return;
        expect(summary).toMatchObject({ events: expected.events, malformed: expected.malformed.length });
        expect(summary.firstMalformed?.line).toBe(expected.malformed[0]);
      }),
      { numRuns: 400 },
    );
  });

  test("counts as many lines with a user as without, and what only looks like an event as one", () => {
    assert(
      property(logs, cuts, ([text, { user = "ann" }], cuts) => {
        const { events, malformed } = obvious(text, {});
        const { summary } = tally(text, { user }, cuts);
        expect(summary.malformed).toBeLessThanOrEqual(malformed.length);
        expect(summary.events + summary.malformed).toBe(events + malformed.length);
      }),
      { numRuns: 200 },
    );
  });

  test("finds a name in bytes that are not UTF-8 where reading gives it", () => {
    const bytes = Buffer.from(
      `${JSON.stringify({ kind: "Event", auditID: "1", stage: "ResponseComplete", requestURI: "/a", verb: "get", user: { username: "~" } })}\n`,
    );
    bytes[bytes.indexOf("~")] = 0xff;
    expect(tally(bytes, { user: "\ufffd" }, []).summary.matched).toBe(1);
  });

  test("takes a byte order mark before an event for no part of it", () => {
    for (const filter of [{}, { user: "ann" }])
      expect(tally(`\ufeff${getByAnn}\n`, filter, []).summary).toMatchObject({ events: 1, matched: 1, malformed: 0 });
  });

  test("says where the first broken line is and goes on", () => {
    const { summary } = tally(`${getByAnn}\n\nnonsense\n${getByAnn.slice(0, 40)}\n${getByAnn}`, { user: "ann" }, []);
    expect(summary).toMatchObject({ events: 2, matched: 2, malformed: 2, firstMalformed: { file: "audit.log", line: 3 } });
  });

  test("takes no text of a name's other fields for the user", () => {
    assert(
      property(string(), (name) => {
        const text = JSON.stringify({
          kind: "Event",
          auditID: "1",
          stage: "ResponseComplete",
          requestURI: name,
          verb: "get",
          user: { username: `${name}x` },
          userAgent: name,
        });
        expect(tally(text, { user: name }, []).summary.matched).toBe(0);
      }),
    );
  });
});
