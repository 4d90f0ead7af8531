import { expect, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { ApiError, ConnectionError } from "../errors.ts";
import { reflect, type Source } from "./reflector.ts";
import type { Stored } from "../client/resource.ts";
import type { WatchEvent } from "../client/watch.ts";

const change: WatchEvent<object> = {
  type: "MODIFIED",
  object: { metadata: { name: "a", uid: "a", resourceVersion: "2", creationTimestamp: "" } } satisfies Stored<object>,
};
const bookmark: WatchEvent<object> = { type: "BOOKMARK", object: { metadata: { resourceVersion: "2" } } };
const broken = new ConnectionError("the connection broke within an event", true);
const notStreamed = new ApiError("watch", 422, { reason: "Invalid" });
const expired = new ApiError("watch", 410, { reason: "Expired" });

/** How often a source is watched and listed within a minute whose every watch gives `event`, lasts `lasting` ms and ends with `error`. */
async function oneMinute({ event, lasting = 100, error }: { event: WatchEvent<object>; lasting?: number; error?: Error }) {
  const clock = new FakeClock();
  const counts = { watches: 0, lists: 0, errors: 0 };
  const source: Source<object> = {
    async *pages() {
      counts.lists += 1;
      yield { items: [], resourceVersion: "1" };
    },
    async *watch({ resourceVersion, onOpen, signal }) {
      if (resourceVersion === undefined) throw notStreamed;
      counts.watches += 1;
      onOpen?.();
      yield event;
      await clock.sleep(lasting, signal);
      if (error) throw error;
    },
  };
  const sink = { beginList() {}, listed() {}, endList() {}, changed() {} };
  const stop = new AbortController();
  const done = reflect(source, sink, { select: {}, clock, random: () => 0, onError: () => (counts.errors += 1) }, stop.signal);
  await clock.advance(60_000);
  stop.abort();
  await done;
  return counts;
}

test.each([
  { what: "changes and then a failure", event: change, error: broken, watches: 67, lists: 1 },
  { what: "changes and then an expired version", event: change, error: expired, watches: 67, lists: 67 },
  { what: "nothing but bookmarks and then a failure", event: bookmark, error: broken, watches: 7, lists: 1 },
  { what: "nothing but bookmarks and then an end", event: bookmark, error: undefined, watches: 7, lists: 1 },
])("a server whose watches give $what within 0.1 s is asked $watches times a minute", async ({ event, error, watches, lists }) => {
  expect(await oneMinute({ event, ...(error && { error }) })).toEqual({ watches, lists, errors: error === broken ? watches : 0 });
});

test("a watch that ends as it should after a change is resumed at once, and so is one that held for longer than the pause", async () => {
  expect((await oneMinute({ event: change })).watches).toBe(601);
  expect(await oneMinute({ event: bookmark, lasting: 10_000, error: expired })).toEqual({ watches: 7, lists: 7, errors: 0 });
});

test("pages are as large as asked for, but where a list expires between two of them: then it is taken in one piece", async () => {
  for (const size of [{ pageSize: 20 }, {}]) {
    const asked: (number | undefined)[] = [];
    const stop = new AbortController();
    const source: Source<object> = {
      async *pages({ limit }) {
        asked.push(limit);
        if (limit !== 0) throw expired;
        yield { items: [], resourceVersion: "1" };
      },
      async *watch({ resourceVersion }) {
        if (resourceVersion === undefined) throw notStreamed;
        yield bookmark;
      },
    };
    const sink = { beginList() {}, listed() {}, endList() {}, changed: () => stop.abort() };
    await reflect(source, sink, { select: {}, ...size, clock: new FakeClock(), random: () => 0, onError: () => {} }, stop.signal);
    expect(asked).toEqual(["pageSize" in size ? 20 : undefined, 0]);
  }
});

test("a kind that the server doesn't know is empty where it may be missing, and is taken in when it is there", async () => {
  const unserved = new ApiError("watch", 404, { reason: "NotFound" });
  for (const mayBeMissing of [true, false]) {
    const clock = new FakeClock();
    const told: string[] = [];
    const errors: unknown[] = [];
    let isServed = false;
    const source: Source<object> = {
      async *pages() {},
      async *watch({ signal }) {
        if (!isServed) throw unserved;
        yield change;
        yield { type: "BOOKMARK", object: { metadata: { resourceVersion: "3", annotations: { "k8s.io/initial-events-end": "true" } } } };
        await clock.sleep(1_000_000, signal);
      },
    };
    const sink = {
      beginList: () => void told.push("begin"),
      listed: () => void told.push("listed"),
      endList: () => void told.push("end"),
      changed() {},
    };
    const stop = new AbortController();
    const onError = (error: unknown) => void errors.push(error);
    const done = reflect(source, sink, { select: {}, mayBeMissing, clock, random: () => 0, onError }, stop.signal);
    await clock.advance(1);
    expect(told.includes("end")).toBe(mayBeMissing);
    await clock.advance(600_000);
    if (mayBeMissing) expect(errors).toEqual([unserved]);
    else expect(errors.length).toBeGreaterThan(20);
    isServed = true;
    await clock.advance(60_000);
    expect(told.slice(-3)).toEqual(["begin", "listed", "end"]);
    stop.abort();
    await done;
  }
});
