import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { FakeSource } from "../../testing/fake-source.ts";
import { Replay } from "../../testing/replay.ts";
import { Cache } from "./cache.ts";

async function started(clock = new FakeClock(), source = new FakeSource(clock)) {
  const errors: unknown[] = [];
  const cache = new Cache(source, {
    project: ({ metadata: { name, uid, resourceVersion, labels } }) => ({ key: name, uid, resourceVersion, colour: labels.colour }),
    indexes: { byColour: ({ colour }) => [colour] },
    clock,
    random: () => 0,
    onError: (error) => errors.push(error),
  });
  const stop = new AbortController();
  const done = cache.start(stop.signal);
  await clock.advance(1);
  const end = async () => {
    stop.abort();
    source.end("close");
    await done;
  };
  return { source, clock, errors, cache, end };
}

const contents = (source: FakeSource) =>
  Array.from(source.objects.values(), ({ metadata }) => [metadata.name, metadata.resourceVersion]).toSorted();

const name = fc.constantFrom("a", "b", "c");
const colour = fc.constantFrom("red", "green");
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant("put" as const), name, colour) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("delete" as const), name) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("end" as const), fc.constantFrom("cut" as const, "close" as const)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("replace" as const), name, colour) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("writeElsewhere" as const)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("compact" as const)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("failLists" as const), fc.constantFrom(1, 3)) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("pass" as const), fc.constantFrom(0, 1, 2, 1000)) },
);

test("whatever happens to the connection, the cache ends equal to its source, and its events tell one consistent history", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, streams) => {
      const clock = new FakeClock();
      const { source, cache, end } = await started(clock, new FakeSource(clock, streams));
      const replay = new Replay<{ key: string; uid: string; resourceVersion: string; colour: string }>();
      cache.on(replay.handler);
      for (const step of steps) {
        if (step[0] === "replace") source.delete(step[1]);
        if (step[0] === "put" || step[0] === "replace") source.put(step[1], step[2]);
        else if (step[0] === "delete") source.delete(step[1]);
        else if (step[0] === "end") source.end(step[1]);
        else if (step[0] === "compact") source.compact();
        else if (step[0] === "writeElsewhere") source.writeElsewhere();
        else if (step[0] === "failLists") source.failLists(step[1]);
        else await clock.advance(step[1]);
      }
      source.end("cut");
      await clock.advance(120_000);
      const cached = [...cache.values()];
      expect(cached.map(({ key, resourceVersion }) => [key, resourceVersion]).toSorted()).toEqual(contents(source));
      expect(new Set(replay.objects.values())).toEqual(new Set(cached));
      expect(replay.faults).toEqual([]);
      for (const colour of ["red", "green"]) {
        expect(new Set(cache.by("byColour", colour))).toEqual(new Set(cached.filter((object) => object.colour === colour)));
      }
      await end();
    }),
    { numRuns: 300 },
  );
});

test("a watch that broke is resumed; only a version that the server no longer keeps is listed again", async () => {
  const { source, clock, errors, cache, end } = await started();
  source.put("a", "red");
  source.end("cut");
  source.put("a", "green");
  await clock.advance(2000);
  expect(source.lists).toBe(1);
  expect(cache.get(undefined, "a")?.colour).toBe("green");
  expect(errors).toHaveLength(1);

  source.end("cut");
  source.put("b", "red");
  source.compact();
  await clock.advance(2000);
  expect(source.lists).toBe(2);
  expect(cache.get(undefined, "b")?.colour).toBe("red");
  await end();
});

test("after a bookmark, a watch is resumed from there", async () => {
  const { source, clock, cache, end } = await started();
  source.writeElsewhere();
  await clock.advance(0);
  await clock.advance(0);
  source.compact();
  source.end("cut");
  source.put("a", "red");
  await clock.advance(2000);
  expect(source.lists).toBe(1);
  expect(cache.size).toBe(1);
  await end();
});

test("a list that expires between its pages is taken again in one piece", async () => {
  const clock = new FakeClock();
  const source = new FakeSource(clock, false);
  for (const name of ["a", "b", "c", "d", "e"]) source.put(name, "red");
  const { cache, errors, end } = await started(clock, source);
  source.delete("a");
  source.compact();
  await clock.advance(2);
  await cache.synced;
  expect(Array.from(cache.values(), ({ key }) => key)).toEqual(["b", "c", "d", "e"]);
  expect(errors).toEqual([]);
  await end();
});

test("a source that keeps failing is asked less and less often, up to every 30 s", async () => {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  source.failLists(Number.POSITIVE_INFINITY);
  const { errors, cache, end } = await started(clock, source);
  await clock.advance(200_000);
  expect(clock.slept.filter((ms) => ms > 1)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000, 30_000, 30_000]);
  expect(errors).toHaveLength(11);
  await end();
  await expect(cache.synced).rejects.toThrow("aborted");
});

test("a quiet watch that held for a while is resumed at once, however much had failed before", async () => {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  source.failLists(10);
  const { cache, end } = await started(clock, source);
  await clock.advance(1_000_000);
  source.end("cut");
  source.put("a", "red");
  await clock.advance(0);
  expect(cache.size).toBe(1);
  await end();
});

test("a handler that comes late is told what is there, and one that throws hinders nobody", async () => {
  const { source, clock, cache, errors, end } = await started();
  source.put("a", "red");
  await clock.advance(0);
  const seen: unknown[] = [];
  cache.on(() => {
    throw new Error("mine");
  });
  const off = cache.on(({ type, object }) => seen.push([type, object.key, object.colour]));
  source.put("a", "green");
  await clock.advance(0);
  off();
  source.delete("a");
  await clock.advance(0);
  expect(seen).toEqual([
    ["add", "a", "red"],
    ["update", "a", "green"],
  ]);
  expect(errors).toHaveLength(3);
  expect(cache.size).toBe(0);
  await end();
});

test("an object that is no part of a view is left out, and is gone from it when it was", async () => {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  const told: string[] = [];
  const cache = new Cache(source, {
    project: ({ metadata: { name, labels } }) => (labels.colour === "red" ? { key: name } : undefined),
    clock,
    onError: (error) => expect(error).toBeUndefined(),
  });
  cache.on(({ type, object }) => told.push(`${type} ${object.key}`));
  source.put("a", "red");
  source.put("b", "green");
  const stop = new AbortController();
  const done = cache.start(stop.signal);
  await clock.advance(10);
  for (const colour of ["green", "red", "green", "green"]) source.put("a", colour);
  source.delete("b");
  await clock.advance(0);
  expect(told).toEqual(["add a", "delete a", "add a", "delete a"]);
  expect(cache.size).toBe(0);
  stop.abort();
  source.end("close");
  await done;
});

test("a server that begins a watch from nothing without saying where that ends is listed instead", async () => {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  source.put("a", "red");
  const older: typeof source.watch = (options) => source.watch({ ...options, resourceVersion: options.resourceVersion ?? "0" });
  const cache = new Cache(
    { pages: (options) => source.pages(options), watch: older },
    { project: ({ metadata: { name } }) => ({ name }), clock, onError: () => {} },
  );
  const stop = new AbortController();
  const done = cache.start(stop.signal);
  source.writeElsewhere();
  await clock.advance(100);
  await cache.synced;
  expect([...cache.values()]).toEqual([{ name: "a" }]);
  stop.abort();
  source.end("close");
  await done;
});

/** A cache whose projection and index throw for some colours. */
async function touchy() {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  const errors: unknown[] = [];
  const told: unknown[] = [];
  const unless = (bad: string, colour: string) => {
    if (colour === bad) throw new Error(`no ${bad}`);
    return colour;
  };
  const cache = new Cache(source, {
    project: ({ metadata: { name, labels } }) => ({ key: name, colour: unless("black", labels.colour) }),
    indexes: { byKey: ({ key }) => [key], byColour: ({ colour }) => [unless("white", colour)] },
    clock,
    random: () => 0,
    onError: (error) => errors.push(String(error)),
  });
  cache.on(({ type, object }) => told.push([type, object.key, object.colour]));
  const stop = new AbortController();
  const done = cache.start(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    source.end("close");
    await done;
  });
  return { source, clock, cache, errors, told };
}

test("an object that cannot be projected or indexed is left out, or as it was, and hinders no other", async () => {
  const { source, clock, cache, errors, told } = await touchy();
  source.put("a", "black");
  source.put("b", "white");
  source.put("c", "red");
  await clock.advance(10);
  await cache.synced;
  for (const colour of ["black", "white", "green"]) source.put("c", colour);
  source.put("d", "red");
  await clock.advance(0);
  expect(told).toEqual([
    ["add", "c", "red"],
    ["update", "c", "green"],
    ["add", "d", "red"],
  ]);
  expect(errors).toEqual(["Error: no black", "Error: no white", "Error: no black", "Error: no white"]);
  expect(cache.by("byColour", "red").map(({ key }) => key)).toEqual(["d"]);
  expect(cache.by("byKey", "b")).toEqual([]);
  expect(source.lists).toBe(1);
});

test("of an object whose last state cannot be projected, the delete is told with the state before", async () => {
  const { source, clock, cache, errors, told } = await touchy();
  source.put("a", "red");
  await clock.advance(10);
  source.put("a", "black");
  source.delete("a");
  await clock.advance(0);
  expect(told).toEqual([
    ["add", "a", "red"],
    ["delete", "a", "red"],
  ]);
  expect(errors).toHaveLength(2);
  expect(cache.size).toBe(0);
});

test("a handler that another adds while it is told is told of everything once, and one that is taken off no more", async () => {
  const { source, clock, cache, end } = await started();
  const seen: string[] = [];
  const off: (() => void)[] = [];
  cache.on(({ object }) => {
    if (object.key === "a") cache.on((event) => seen.push(`late ${event.type} ${event.object.key}`));
    for (const end of off) end();
  });
  off.push(cache.on(() => seen.push("taken off")));
  source.put("a", "red");
  source.put("b", "red");
  await clock.advance(0);
  expect(seen).toEqual(["late add a", "late add b"]);
  await end();
});

test("the event loop turns while a list takes many objects away, and the watch goes on when all are told", async () => {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  for (let i = 0; i < 100; i++) source.put(`${i}`, "red");
  const { cache, end } = await started(clock, source);
  await clock.advance(100);
  expect(cache.size).toBe(100);
  const told: string[] = [];
  const tell = ({ type, object }: { type: string; object: { key: string } }) => {
    told.push(`${type} ${object.key}`);
    clock.spend(1);
  };
  cache.on((event) => event.type !== "add" && tell(event));
  for (let i = 0; i < 100; i++) source.delete(`${i}`);
  source.put("new", "red");
  source.compact();
  source.end("close");
  const before = clock.turns.length;
  await clock.advance(5_000);
  expect(told.toSorted()).toEqual(Array.from({ length: 100 }, (_, i) => `delete ${i}`).toSorted());
  expect(Array.from(cache.values(), ({ key }) => key)).toEqual(["new"]);
  expect(clock.turns.length - before).toBe(12);
  await end();
});
