import { expect, test } from "vitest";
import { Fence, LostLeaseError } from "./fence.ts";
import { machineClock } from "./machine-clock.ts";

/** One fence as two threads see it, and a time that is set by hand, in milliseconds. */
function trial() {
  let ms = 1_000;
  const now = () => BigInt(ms) * 1_000_000n;
  const fence = new Fence(undefined, now);
  return { fence, other: new Fence(fence.memory, now), at: (time: number) => void (ms = time) };
}

test("it lets nothing pass before the lease is held", () => {
  const { fence } = trial();
  expect(() => fence.check()).toThrow(new LostLeaseError("the lease is not held yet: nothing may be written"));
});

test("it stands as long as it was put off, for every thread, and then no longer", () => {
  const { fence, other, at } = trial();
  expect(other.extend(2_000)).toBe(true);
  at(1_999);
  fence.check();
  at(2_000);
  expect(() => fence.check()).toThrow(LostLeaseError);
});

test("fallen, it never rises again, whichever thread found out first", () => {
  const first = trial();
  first.other.extend(2_000);
  first.at(2_000);
  expect(() => first.fence.check()).toThrow("not held any more");
  first.at(1_500);
  expect(first.other.extend(9_000)).toBe(false);
  expect(() => first.fence.check()).toThrow("not held any more");

  const second = trial();
  second.other.extend(2_000);
  second.at(2_000);
  expect(second.other.extend(9_000)).toBe(false);
  expect(() => second.fence.check()).toThrow("not held any more");
});

test("it is let fall at once, for every thread", () => {
  const { fence, other } = trial();
  fence.extend(2_000);
  other.fall();
  expect(() => fence.check()).toThrow(LostLeaseError);
  expect(fence.extend(3_000)).toBe(false);
});

test("it goes by the machine's clock", async () => {
  const fence = new Fence();
  fence.extend(machineClock.monotonic() + 3_600_000);
  fence.check();
  const short = new Fence();
  const until = machineClock.monotonic() + 20;
  short.extend(until);
  await machineClock.sleep(25);
  expect(() => short.check()).toThrow(LostLeaseError);
});
