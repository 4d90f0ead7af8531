import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";

test("a sleep may be longer than timers can be, and ends when it is told to", async () => {
  const stop = new AbortController();
  let awake = false;
  const sleeping = systemClock.sleep(2 ** 31, stop.signal).then(() => (awake = true));
  await systemClock.sleep(20);
  expect(awake).toBe(false);
  stop.abort();
  await expect(sleeping).rejects.toThrow(/abort/i);
});
