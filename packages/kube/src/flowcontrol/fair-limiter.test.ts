import { expect, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { FairLimiter } from "./fair-limiter.ts";

function limited(rate: { qps: number; burst: number }) {
  const clock = new FakeClock();
  const limiter = new FairLimiter({ ...rate, clock });
  const got: string[] = [];
  const ask = (key: string, signal?: AbortSignal) =>
    limiter.acquire(key, signal).then(
      () => got.push(`${key} at ${clock.now()}`),
      (reason: unknown) => got.push(`${key} not, for ${String(reason)}`),
    );
  return { clock, limiter, got, ask };
}

test("a burst passes at once, and then as many a second as are allowed, by one timer", async () => {
  const { clock, got, ask } = limited({ qps: 10, burst: 3 });
  for (let i = 0; i < 5; i++) void ask("a");
  await clock.advance(0);
  expect(got).toEqual(["a at 0", "a at 0", "a at 0"]);
  expect(clock.sleepers).toBe(1);
  await clock.advance(1_000);
  expect(got.slice(3)).toEqual(["a at 100", "a at 200"]);
  expect(clock.sleepers).toBe(0);
});

test("a run that wants 10,000 doesn't keep one that wants a few from them", async () => {
  const { clock, got, ask } = limited({ qps: 10, burst: 1 });
  for (let i = 0; i < 10_000; i++) void ask("large");
  await clock.advance(1_000);
  for (let i = 0; i < 3; i++) void ask("small");
  await clock.advance(1_000);
  expect(got.filter((text) => text.startsWith("small"))).toEqual(["small at 1200", "small at 1400", "small at 1600"]);
});

test("whoever comes waits behind those who wait already, though a token has just come", async () => {
  const { clock, got, ask } = limited({ qps: 10, burst: 1 });
  for (const key of ["a", "b"]) void ask(key);
  await clock.advance(0);
  clock.spend(100);
  void ask("c");
  await clock.advance(200);
  expect(got).toEqual(["a at 0", "b at 100", "c at 200"]);
});

test("a rate whose intervals aren't whole milliseconds is kept to over time", async () => {
  const { clock, got, ask } = limited({ qps: 3, burst: 2 });
  for (let i = 0; i < 100; i++) void ask("a");
  await clock.advance(33_000);
  expect(got.slice(0, 4)).toEqual(["a at 0", "a at 0", "a at 334", "a at 667"]);
  expect(got).toHaveLength(100);
  expect(got.at(-1)).toBe("a at 32667");
});

test("in a pause nobody gets a token, and after it they come one by one; a shorter one changes nothing", async () => {
  const { clock, limiter, got, ask } = limited({ qps: 10, burst: 2 });
  for (let i = 0; i < 3; i++) void ask("a");
  await clock.advance(50);
  limiter.pause(5);
  limiter.pause(1);
  limiter.pause(0);
  void ask("b");
  await clock.advance(5_000);
  expect(got).toEqual(["a at 0", "a at 0", "a at 5050"]);
  await clock.advance(100);
  expect(got.slice(3)).toEqual(["b at 5150"]);
  expect(() => limiter.pause(Infinity)).toThrow(RangeError);
  expect(() => limiter.pause(-1)).toThrow(RangeError);
});

test("an abort takes those out at once who wait with its signal, and no token with them", async () => {
  const { clock, got, ask } = limited({ qps: 10, burst: 1 });
  const stop = new AbortController();
  void ask("a");
  for (const key of ["b", "b", "c"]) void ask(key, stop.signal);
  void ask("d");
  await clock.advance(0);
  stop.abort("enough");
  await clock.advance(0);
  expect(got).toEqual(["a at 0", "b not, for enough", "b not, for enough", "c not, for enough"]);
  await clock.advance(100);
  expect(got.slice(4)).toEqual(["d at 100"]);
  void ask("e", stop.signal);
  await clock.advance(1_000);
  expect(got.slice(5)).toEqual(["e not, for enough"]);
});

test("when the last who waits is gone, no timer is left; an abort after the token changes nothing", async () => {
  const { clock, got, ask } = limited({ qps: 10, burst: 1 });
  const [served, waiting] = [new AbortController(), new AbortController()];
  void ask("a");
  void ask("b", served.signal);
  await clock.advance(100);
  served.abort("late");
  void ask("c", waiting.signal);
  await clock.advance(10);
  expect(clock.sleepers).toBe(1);
  waiting.abort("enough");
  await clock.advance(10);
  expect(got).toEqual(["a at 0", "b at 100", "c not, for enough"]);
  expect(clock.sleepers).toBe(0);
});

test.each([0, -1, Number.NaN])("a limiter of %d a second, or with such a burst, is refused", (bad) => {
  expect(() => new FairLimiter({ qps: bad, burst: 1 })).toThrow(RangeError);
  expect(() => new FairLimiter({ qps: 1, burst: bad })).toThrow(RangeError);
});

test("with a new rate those who wait get their tokens at it, from the next one on", async () => {
  const { clock, limiter, got, ask } = limited({ qps: 10, burst: 1 });
  for (let i = 0; i < 8; i++) void ask("a");
  await clock.advance(150);
  limiter.setRate({ qps: 50, burst: 1 });
  await clock.advance(100);
  expect(got).toEqual(["a at 0", "a at 100", "a at 200", "a at 220", "a at 240"]);
  limiter.setRate({ qps: 1, burst: 1 });
  await clock.advance(2_100);
  expect(got.slice(5)).toEqual(["a at 260", "a at 1260", "a at 2260"]);
});

test("a new rate adds no tokens to those that are there, and lets the bucket hold as many as it says", async () => {
  const { clock, limiter, got, ask } = limited({ qps: 10, burst: 4 });
  const taken = async (): Promise<number> => {
    const before = got.length;
    const gone = new AbortController();
    for (let i = 0; i < 20; i++) void ask("a", gone.signal);
    await clock.advance(0);
    const count = got.length - before;
    gone.abort();
    await clock.advance(0);
    return count;
  };
  limiter.setRate({ qps: 10, burst: 9 });
  expect(await taken()).toBe(4);
  await clock.advance(60_000);
  expect(await taken()).toBe(9);
  await clock.advance(60_000);
  limiter.setRate({ qps: 100, burst: 2 });
  expect(await taken()).toBe(2);
});

test("a pause outlasts a new rate, and a rate that is refused changes nothing", async () => {
  const { clock, limiter, got, ask } = limited({ qps: 10, burst: 3 });
  limiter.pause(5);
  for (let i = 0; i < 3; i++) void ask("a");
  await clock.advance(1_000);
  limiter.setRate({ qps: 2, burst: 100 });
  expect(() => limiter.setRate({ qps: 0, burst: 1 })).toThrow(RangeError);
  expect(() => limiter.setRate({ qps: 1, burst: 0 })).toThrow(RangeError);
  await clock.advance(10_000);
  expect(got).toEqual(["a at 5000", "a at 5500", "a at 6000"]);
});
