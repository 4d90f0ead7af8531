import { expect, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { FakeSource } from "../../testing/fake-source.ts";
import type { Source } from "./reflector.ts";
import { SharedWatches } from "./shared-watches.ts";
import type { WatchOptions } from "../client/watch.ts";

type Marker = typeof FakeSource.prototype extends Source<infer T> ? T : never;
const clock = new FakeClock();
const named = { project: ({ metadata: { name } }: { metadata: { name: string } }) => ({ name }) };

/** A source that notes how it was watched. */
function counted(source: FakeSource): { source: Source<Marker>; asked: WatchOptions[] } {
  const asked: WatchOptions[] = [];
  return {
    asked,
    source: {
      pages: (options) => source.pages(options),
      watch: (options) => (asked.push(options), source.watch(options)),
    },
  };
}

async function running(watches: SharedWatches, ...sources: FakeSource[]) {
  const stop = new AbortController();
  const done = watches.run(stop.signal);
  await clock.advance(10);
  return async () => {
    stop.abort();
    for (const source of sources) source.end("close");
    await done;
  };
}

test("several readers share one watch, each with its own projection and its own part of the objects", async () => {
  const fake = new FakeSource(clock);
  fake.put("a", "red");
  fake.put("b", "green");
  const { source, asked } = counted(fake);
  const watches = new SharedWatches({ clock, onError: (_, error) => expect(error).toBeUndefined() });
  const all = watches.view("markers", source, named);
  const red = watches.view("markers", source, {
    project: ({ metadata: { name, labels } }) => (labels.colour === "red" ? { key: name } : undefined),
    select: { labelSelector: "colour=red" },
    indexes: { key: ({ key }) => [key] },
  });
  const end = await running(watches, fake);
  await watches.synced();
  expect([...all.values()]).toEqual([{ name: "a" }, { name: "b" }]);
  expect([...red.values()]).toEqual([{ key: "a" }]);
  fake.put("b", "red");
  fake.delete("a");
  await clock.advance(0);
  expect([...all.values()]).toEqual([{ name: "b" }]);
  expect(red.by("key", "b")).toEqual([{ key: "b" }]);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ labelSelector: undefined });
  expect(watches.size).toBe(1);
  expect(() => watches.view("markers", source, named)).toThrow("the watches have begun");
  await end();
});

test("readers that want the same by the same object have one view", () => {
  const watches = new SharedWatches({ clock, onError: () => {} });
  const source = new FakeSource(clock);
  const view = watches.view("markers", source, named);
  expect(watches.view("markers", source, named)).toBe(view);
  expect(watches.view("markers", source, { ...named })).not.toBe(view);
});

test("what all readers ask for is asked of the server, and the least page", async () => {
  const fake = new FakeSource(clock, false);
  const limits: unknown[] = [];
  const { source, asked } = counted(fake);
  const watches = new SharedWatches({ clock, onError: () => {} });
  const paged: Source<Marker> = { ...source, pages: (options) => (limits.push(options.limit), source.pages(options)) };
  const select = { labelSelector: "colour" };
  watches.view("markers", paged, { ...named, select: { ...select, fieldSelector: "metadata.name=a" }, pageSize: 7 });
  watches.view("markers", paged, { ...named, select, pageSize: 3 });
  const end = await running(watches, fake);
  expect(limits).toEqual([3]);
  expect(asked.at(-1)).toMatchObject({ labelSelector: "colour", fieldSelector: undefined });
  await end();
});

test("readers that select by other labels have a watch each, unless another wants all", async () => {
  for (const isAllWanted of [false, true]) {
    const fake = new FakeSource(clock);
    const { source, asked } = counted(fake);
    const watches = new SharedWatches({ clock, onError: () => {} });
    for (const labelSelector of ["colour=red", "colour=green", "colour=red"])
      watches.view("markers", source, { ...named, select: { labelSelector } });
    if (isAllWanted) watches.view("markers", source, named);
    const end = await running(watches, fake, fake);
    expect(watches.size).toBe(isAllWanted ? 1 : 2);
    expect(asked.map(({ labelSelector }) => labelSelector)).toEqual(isAllWanted ? [undefined] : ["colour=red", "colour=green"]);
    await end();
  }
});

test("a view of several namespaces is filled when all are, and a list of one takes nothing of another away", async () => {
  const fakes = { one: new FakeSource(clock), two: new FakeSource(clock) };
  const placed = (namespace: string, object: Marker): Marker => ({ ...object, metadata: { ...object.metadata, namespace } }) as Marker;
  const source: Source<Marker> = {
    pages: () => expect.unreachable(),
    async *watch(options) {
      const namespace = options.namespace as keyof typeof fakes;
      for await (const event of fakes[namespace].watch(options))
        yield event.type === "BOOKMARK" ? event : { ...event, object: placed(namespace, event.object) as never };
    },
  };
  fakes.one.put("a", "red");
  fakes.two.put("a", "red");
  fakes.two.failLists(1);
  const watches = new SharedWatches({ clock, random: () => 0, onError: () => {} });
  const project = ({ metadata }: Marker) => ({ at: `${(metadata as { namespace?: string }).namespace}/${metadata.name}` });
  const view = watches.view("markers", source, { project }, ["one", "two", "one"]);
  expect(watches.size).toBe(2);
  let isSynced = false;
  void view.synced.then(() => (isSynced = true));
  const end = await running(watches, fakes.one, fakes.two);
  expect([isSynced, view.size]).toEqual([false, 1]);
  await clock.advance(1_000);
  expect([isSynced, view.size]).toEqual([true, 2]);
  // One has gone, and the server no longer knows since when.
  fakes.one.delete("a");
  fakes.one.compact();
  fakes.one.end("cut");
  await clock.advance(5_000);
  expect(Array.from(view.values(), ({ at }) => at)).toEqual(["two/a"]);
  expect(view.get("two", "a")).toBeDefined();
  await end();
});

test("who waits for what never came is told when it ends", async () => {
  const fake = new FakeSource(clock);
  fake.failLists(Infinity);
  const watches = new SharedWatches({ clock, onError: () => {} });
  watches.view("markers", fake, named);
  const synced = watches.synced();
  const end = await running(watches, fake);
  await end();
  await expect(synced).rejects.toThrow("aborted");
});
