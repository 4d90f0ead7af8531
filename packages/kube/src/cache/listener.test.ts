import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { FakeSource } from "../../testing/fake-source.ts";
import { Replay } from "../../testing/replay.ts";
import { Cache } from "./cache.ts";

/** A cache that has been filled with so many objects. */
async function filled(count: number) {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  for (let i = 0; i < count; i++) source.put(`${i}`, "red");
  const cache = new Cache(source, {
    project: ({ metadata: { name, uid, resourceVersion } }) => ({ key: name, uid, resourceVersion }),
    clock,
    random: () => 0,
    onError: (error) => expect(error).toBeUndefined(),
  });
  const stop = new AbortController();
  const done = cache.start(stop.signal);
  await clock.advance(count);
  const end = async () => {
    stop.abort();
    source.end("close");
    await done;
  };
  return { clock, source, cache, end };
}

const contents = (source: FakeSource) =>
  Array.from(source.objects.values(), ({ metadata }) => [metadata.name, metadata.resourceVersion]).toSorted();

test("a handler that comes when there are many objects is told of them in slices, and of what changes meanwhile each thing once, in order", async () => {
  const change = fc.record({ name: fc.nat({ max: 29 }), colour: fc.constantFrom("green", "gone"), after: fc.nat({ max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
      const { clock, source, cache, end } = await filled(30);
      // Changes come as the event loop turns, and whenever the test waits.
      let turn = Promise.withResolvers<void>();
      clock.turn = () => turn.promise;
      const replay = new Replay<{ key: string; uid: string; resourceVersion: string }>();
      cache.on((event) => {
        replay.handler(event);
        clock.spend(2);
      });
      expect(replay.objects.size).toBe(4);
      for (const { name, colour, after } of changes) {
        if (colour === "gone") source.delete(`${name}`);
        else source.put(`${name}`, colour);
        await clock.advance(0);
        // What the cache has changed was told: nobody who reads it knows of a change that a handler never hears of.
        for (const { key, resourceVersion } of cache.values())
          if (replay.objects.has(key)) expect(replay.objects.get(key)?.resourceVersion).toBe(resourceVersion);
        if (after === 0) {
          turn.resolve();
          turn = Promise.withResolvers();
        }
      }
      for (let i = 0; i < 10; i++) {
        turn.resolve();
        turn = Promise.withResolvers();
        await clock.advance(0);
      }
      expect(replay.faults).toEqual([]);
      const told = Array.from(replay.objects.values(), ({ key, resourceVersion }) => [key, resourceVersion]).toSorted();
      expect(told).toEqual(contents(source));
      await end();
    }),
    { numRuns: 50 },
  );
});

test("a handler that is taken off in the middle of what is there is told no more", async () => {
  const { clock, cache, end } = await filled(10);
  const seen: string[] = [];
  const off = cache.on(({ object }) => {
    seen.push(object.key);
    clock.spend(4);
  });
  off();
  await clock.advance(0);
  expect(seen).toEqual(["0", "1"]);
  await end();
});
