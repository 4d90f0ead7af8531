import { array, assert, boolean, constantFrom, integer, property, string, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { readEvents } from "../events.ts";
import { Pieces } from "./pieces.ts";

const event = (id: number, text: string): object => ({
  kind: "Event",
  auditID: String(id),
  stage: "ResponseComplete",
  requestURI: `/x?${text}`,
  verb: "get",
  user: { username: text, groups: ["a", "b"] },
  // What is within an event is no event, and no place to cut.
  responseObject: { kind: "EventList", items: [{ name: text }, [1, 2, "]"], { events: [] }] },
  annotations: { "authorization.k8s.io/decision": "allow" },
});

const texts = (events: readonly object[]): string[] => events.map((one) => JSON.stringify(one));
/** How logs are handed out, one value for all of their events. */
const wrappings: readonly ((events: readonly object[]) => unknown)[] = [
  (events) => events,
  (events) => events.map((one) => [one]),
  (events) => ({ kind: "EventList", metadata: {}, items: events }),
  (events) => ({ apiVersion: "audit.k8s.io/v1", items: events, kind: "EventList", metadata: { names: ["a", "b"] } }),
  (events) => ({ events: texts(events).map((message) => ({ timestamp: 1, message })), searchedLogStreams: [{ a: 1 }, { a: 2 }, { a: 3 }] }),
  (events) => ({
    results: texts(events).map((value) => [
      { field: "@timestamp", value: "1" },
      { field: "@message", value },
    ]),
  }),
  (events) => ({ records: texts(events).map((log) => ({ category: "kube-audit", properties: { log } })) }),
  (events) => ({
    tables: [
      { name: "PrimaryResult", columns: [{ name: "Category" }, { name: "log_s" }], rows: texts(events).map((log) => ["kube-audit", log]) },
      { name: "Other", columns: [{ name: "log_s" }, { name: "Category" }], rows: texts(events.slice(1)).map((log) => [log, "kube-audit"]) },
    ],
  }),
  (events) => ({ data: { result: [{ stream: { job: "a" }, values: texts(events).map((line) => ["1", line]) }] } }),
  (events) => ({ took: 1, hits: { total: 2, hits: events.map((one) => ({ _source: { message: JSON.stringify(one) } })) } }),
  (events) => [{ items: events }, ...events, { items: events.slice(2) }],
];

test("the events of the pieces are those of the whole, wherever chunks end and however large pieces are", () => {
  const bound = integer({ min: 0, max: 20_000 });
  assert(
    property(
      array(string({ unit: "binary", maxLength: 30 }), { minLength: 1, maxLength: 12 }),
      uniqueArray(constantFrom(...wrappings), { minLength: 1, maxLength: 3 }),
      boolean(),
      uniqueArray(bound, { maxLength: 30 }),
      integer({ min: 1, max: 3000 }),
      (names, wrapped, isLaidOut, cuts, size) => {
        const events = names.map((name, index) => event(index, name));
        const text = wrapped.map((wrap) => JSON.stringify(wrap(events), undefined, isLaidOut ? 2 : 0)).join(isLaidOut ? "\n" : "");
        const bytes = Buffer.from(text);
        const pieces = new Pieces(size);
        const bounds = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const found = [...bounds.slice(1).flatMap((end, index) => pieces.push(bytes.subarray(bounds[index], end))), pieces.end()];
        const read = found.filter((piece) => piece.text.trim() !== "").map((piece) => readEvents(piece.text));
        const whole = readEvents(text);
        expect(read.flatMap((one) => one.events)).toEqual(whole.events);
        expect(new Set(read.flatMap(({ sources }) => [...sources]))).toEqual(whole.sources);
        expect(read.every(({ malformed }) => malformed === 0)).toBe(whole.malformed === 0);
        expect(found.reduce((sum, { lines }) => sum + lines, 0)).toBe(text.split("\n").length - 1);
      },
    ),
    { numRuns: 300 },
  );
});

test("pieces are about as large as they are to be, and no larger than an event where an event is larger", () => {
  const events = Array.from({ length: 1000 }, (_, index) => event(index, "x".repeat(index === 500 ? 20_000 : 100)));
  for (const wrap of wrappings.slice(2)) {
    const pieces = new Pieces(5000);
    const bytes = Buffer.from(JSON.stringify(wrap(events)));
    const found = Array.from({ length: bytes.length / 1000 + 1 }, (_, index) =>
      pieces.push(bytes.subarray(index * 1000, (index + 1) * 1000)),
    );
    expect(found.flat().length).toBeGreaterThan(50);
    expect(Math.max(...found.flat().map(({ text }) => text.length))).toBeLessThan(80_000);
  }
});
