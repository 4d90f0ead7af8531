import { expect, test } from "vitest";
import { FakeClock } from "../testing/fake-clock.ts";
import { FairLimiter } from "./fair-limiter.ts";

function started(options: { qps: number; burst: number }) {
  const clock = new FakeClock(1_000);
  const limiter = new FairLimiter({ ...options, clock });
  const passed: string[] = [];
  const ask = (key: string, times: number, signal?: AbortSignal): void => {
    for (let index = 0; index < times; index += 1)
      limiter.acquire(key, signal).then(
        () => passed.push(key),
        () => passed.push(`-${key}`),
      );
  };
  return { clock, limiter, passed, ask };
}

test("so many pass at once, and then so many a second", async () => {
  const { clock, passed, ask } = started({ qps: 10, burst: 3 });
  ask("a", 20);
  await clock.advance(0);
  expect(passed).toHaveLength(3);
  await clock.advance(1_000);
  expect(passed).toHaveLength(13);
  await clock.advance(10_000);
  ask("a", 5);
  await clock.advance(0);
  expect(passed).toHaveLength(23);
});

test("a key that wants very much doesn't starve others: they pass in turn", async () => {
  const { clock, passed, ask } = started({ qps: 10, burst: 1 });
  ask("much", 1_000);
  ask("a", 2);
  ask("b", 1);
  await clock.advance(500);
  expect(passed).toEqual(["much", "much", "a", "b", "much", "a"]);
});

test("one who gives up leaves at once, and nothing behind", async () => {
  const { clock, passed, ask } = started({ qps: 1, burst: 1 });
  const end = new AbortController();
  ask("a", 1);
  ask("b", 1, end.signal);
  ask("c", 1);
  await clock.advance(0);
  end.abort(new Error("over"));
  await clock.advance(1_000);
  expect(passed).toEqual(["a", "-b", "c"]);
  await clock.advance(10_000);
  expect(clock.sleepers).toBe(0);
});

test("a pause holds for all", async () => {
  const { clock, limiter, passed, ask } = started({ qps: 10, burst: 10 });
  limiter.pause(5);
  ask("a", 3);
  await clock.advance(4_900);
  expect(passed).toEqual([]);
  await clock.advance(100);
  expect(passed).toHaveLength(3);
});

test("a rate of nothing is refused", () => {
  expect(() => new FairLimiter({ qps: 0, burst: 1 })).toThrow(RangeError);
  expect(() => new FairLimiter({ qps: 1, burst: 0 })).toThrow("a limiter of 1 a second and 0 at once lets nothing pass");
});
