import * as fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { systemClock } from "../clock/clock.ts";
import { ApiError } from "../errors.ts";
import { WorkQueue } from "./queue.ts";

function started(concurrency: number, work: (key: string) => Promise<void>) {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const queue = new WorkQueue({ clock, onError: (key, error) => errors.push([key, error]) });
  const stop = new AbortController();
  const done = queue.run(concurrency, work, stop.signal);
  return { clock, errors, queue, end: () => (stop.abort(), done) };
}

test("a key is worked on by one at a time, never lost, and never more keys at once than allowed", async () => {
  const action = fc.oneof(
    fc.record({ key: fc.constantFrom("a", "b", "c", "d"), after: fc.constantFrom(0, 0, 3, 10) }),
    fc.record({ pass: fc.nat({ max: 12 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action), fc.integer({ min: 1, max: 3 }), fc.array(fc.boolean()), async (actions, concurrency, failing) => {
      const active = new Set<string>();
      const lastStart = new Map<string, number>();
      const lastAdd = new Map<string, number>();
      const faults: string[] = [];
      let step = 0;
      const { clock, queue, end } = started(concurrency, async (key) => {
        if (active.has(key)) faults.push(`${key} twice at once`);
        active.add(key);
        if (active.size > concurrency) faults.push(`${active.size} at once`);
        lastStart.set(key, ++step);
        await clock.sleep(4);
        active.delete(key);
        if (failing.pop()) throw new Error("again");
      });
      for (const action of actions) {
        if ("pass" in action) {
          await clock.advance(action.pass);
        } else {
          lastAdd.set(action.key, ++step);
          queue.addAfter(action.key, action.after);
        }
      }
      await clock.advance(2_000_000);
      for (const [key, added] of lastAdd) expect(lastStart.get(key)).toBeGreaterThan(added);
      expect(queue.length).toBe(0);
      expect(faults).toEqual([]);
      await end();
    }),
  );
});

test("added while it waits, a key is worked on once; added while it is worked on, once more", async () => {
  const seen: string[] = [];
  const { clock, queue, end } = started(1, async (key) => {
    seen.push(key);
    if (seen.length === 1) for (let i = 0; i < 3; i++) queue.add(key);
    await clock.sleep(1);
  });
  for (let i = 0; i < 3; i++) queue.add("a");
  await clock.advance(10);
  expect(seen).toEqual(["a", "a"]);
  await end();
});

test("failures back off by key, doubling from 5 ms to 1,000 s, and a success forgets them", async () => {
  const times: number[] = [];
  let failing = 20;
  const { clock, errors, queue, end } = started(1, async () => {
    times.push(clock.now());
    if (times.length <= failing) throw new Error("no");
  });
  queue.add("a");
  await clock.advance(10_000_000);
  const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
  expect(waits.slice(-2)).toEqual([1_000_000, 1_000_000]);
  expect(errors).toHaveLength(20);

  failing = 22;
  queue.add("a");
  await clock.advance(5);
  expect(times.slice(-2).map((time) => time - clock.now())).toEqual([-5, 0]);
  await end();
});

test("of several later times, the earliest counts", async () => {
  const times: number[] = [];
  const { clock, queue, end } = started(1, async () => void times.push(clock.now()));
  queue.addAfter("a", 50);
  queue.addAfter("a", 20);
  queue.addAfter("a", 30);
  await clock.advance(100);
  expect(times).toEqual([20]);
  await end();
});

test("the end waits for the work under way and begins no more", async () => {
  const clock = new FakeClock();
  const queue = new WorkQueue({ clock });
  const stop = new AbortController();
  const seen: string[] = [];
  const work = async (key: string) => {
    await clock.sleep(10);
    seen.push(key);
  };
  const done = queue.run(1, work, stop.signal).then(() => seen.push("end"));
  queue.add("a");
  queue.add("b");
  await clock.advance(5);
  stop.abort();
  await clock.advance(100);
  await done;
  expect(seen).toEqual(["a", "end"]);
});

test("the end waits no longer than the grace for work that hangs", async () => {
  const clock = new FakeClock();
  const queue = new WorkQueue({ clock, grace: 2000 });
  const stop = new AbortController();
  let ended = false;
  const done = queue.run(1, () => new Promise(() => {}), stop.signal).then(() => (ended = true));
  queue.add("a");
  await clock.advance(0);
  stop.abort();
  await clock.advance(1999);
  expect(ended).toBe(false);
  await clock.advance(1);
  await done;
});

test("what is added after the end is dropped, and nothing waits any more", async () => {
  const { clock, queue, end } = started(1, async (key) => {
    await clock.sleep(5);
    queue.add(key);
    queue.addAfter("b", 100);
  });
  queue.addAfter("c", 50);
  queue.add("a");
  await clock.advance(0);
  const ended = end();
  await clock.advance(5);
  await ended;
  queue.add("a");
  queue.addAfter("d", 100);
  expect(queue.length).toBe(0);
  expect(clock.sleepers).toBe(0);
});

test("a listener to errors that throws changes nothing", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => told.mockRestore());
  const clock = new FakeClock();
  const queue = new WorkQueue({
    clock,
    onError: () => {
      throw new Error("mine");
    },
  });
  const stop = new AbortController();
  const times: number[] = [];
  const work = async () => {
    times.push(clock.now());
    throw new Error("no");
  };
  const done = queue.run(1, work, stop.signal);
  queue.add("a");
  await clock.advance(15);
  expect(times).toEqual([0, 5, 15]);
  expect(told).toHaveBeenCalledTimes(3);
  stop.abort();
  await done;
});

test("the event loop turns whenever work has gone on for 8 ms, however long the queue", async () => {
  const times: number[] = [];
  const { clock, queue, end } = started(32, async () => {
    times.push(clock.now());
    clock.spend(3);
  });
  for (let i = 0; i < 1000; i++) queue.add(`${i}`);
  await clock.advance(0);
  expect(times).toHaveLength(1000);
  // Three works of 3 ms each between two turns.
  expect(clock.turns).toEqual(Array.from({ length: 333 }, (_, i) => 9 * (i + 1)));
  await end();
});

test("a timer rings in time though the queue is full of work that only computes", async () => {
  const queue = new WorkQueue();
  const stop = new AbortController();
  let worked = 0;
  const work = async () => {
    const end = performance.now() + 1;
    while (performance.now() < end);
    worked += 1;
  };
  for (let i = 0; i < 300; i++) queue.add(`${i}`);
  const done = queue.run(32, work, stop.signal);
  await systemClock.sleep(1);
  expect(worked).toBeLessThan(300);
  stop.abort();
  await done;
});

test("an end within a turn of the event loop begins no more work", async () => {
  const seen: string[] = [];
  const stop = new AbortController();
  const clock = new FakeClock();
  clock.turn = async () => stop.abort();
  const queue = new WorkQueue({ clock });
  for (const key of ["a", "b", "c"]) queue.add(key);
  const work = async (key: string) => {
    seen.push(key);
    clock.spend(10);
  };
  await queue.run(32, work, stop.signal);
  expect(seen).toEqual(["a"]);
});

test("however many keys wait for later, there is one timer, and each comes in its time", async () => {
  const seen: string[] = [];
  const { clock, queue, end } = started(8, async (key) => void seen.push(`${key} at ${clock.now()}`));
  for (const ms of [50, 20, 80, 20]) queue.addAfter(`${ms}`, ms);
  for (let i = 0; i < 1000; i++) queue.addAfter(`a day ${i}`, 86_400_000);
  expect(clock.sleepers).toBe(1);
  await clock.advance(100);
  expect(seen).toEqual(["20 at 20", "50 at 50", "80 at 80"]);
  expect(clock.sleepers).toBe(1);
  await clock.advance(86_400_000);
  expect(seen).toHaveLength(1003);
  expect(clock.sleepers).toBe(0);
  await end();
});

test("a key that is forgotten doesn't come any more, be it ready, for later, or added while it is worked on", async () => {
  const seen: string[] = [];
  const { clock, queue, end } = started(1, async (key) => {
    seen.push(key);
    await clock.sleep(5);
  });
  queue.add("active");
  await clock.advance(0);
  queue.add("active");
  queue.add("ready");
  queue.addAfter("later", 50);
  for (const key of ["active", "ready", "later", "unknown"]) queue.forget(key);
  expect(queue.length).toBe(0);
  await clock.advance(100);
  expect(seen).toEqual(["active"]);
  expect(clock.sleepers).toBe(0);
  queue.add("ready");
  await clock.advance(10);
  expect(seen).toEqual(["active", "ready"]);
  await end();
});

test("the failures of a key that is forgotten don't count any more", async () => {
  const times: number[] = [];
  const { clock, queue, end } = started(1, async () => {
    times.push(clock.now());
    throw new Error("no");
  });
  queue.add("a");
  await clock.advance(16);
  queue.forget("a");
  await clock.advance(84);
  queue.add("a");
  await clock.advance(5);
  expect(times).toEqual([0, 5, 15, 100, 105]);
  await end();
});

test.each([
  { asked: 7, code: 429, comes: 7_000 },
  { asked: 3, code: 503, comes: 3_000 },
  { asked: undefined, code: 429, comes: 5 },
  { asked: Infinity, code: 429, comes: 5 },
])("after a $code with a Retry-After of $asked s, a key comes again after $comes ms", async ({ asked, code, comes }) => {
  const times: number[] = [];
  const { clock, queue, end } = started(1, async () => {
    times.push(clock.now());
    if (times.length === 1) throw new ApiError("POST /", code, undefined, asked);
  });
  queue.add("a");
  await clock.advance(10_000);
  expect(times).toEqual([0, comes]);
  await end();
});
