import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("pieces of work that all could go on at once are spread over turns of the event loop, in order", async () => {
  const turns = new Turns();
  const done: number[] = [];
  const work = async (index: number): Promise<void> => {
    await turns.take();
    for (const until = performance.now() + 5; performance.now() < until;);
    done.push(index);
  };
  let between = 0;
  const count = (): void => {
    between += 1;
    if (done.length < 20) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all(Array.from({ length: 20 }, (_, index) => work(index)));
  expect(done).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(between).toBeGreaterThanOrEqual(8);
});
