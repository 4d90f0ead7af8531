import { expect, test } from "vitest";
import { Semaphore } from "./semaphore.ts";

test("no more than so many work at once, in the order in which they came, whatever becomes of one", async () => {
  const semaphore = new Semaphore(2);
  const begun: number[] = [];
  let working = 0;
  let most = 0;
  const work = (index: number): Promise<number> =>
    semaphore.run(async () => {
      begun.push(index);
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setImmediate(resolve));
      working -= 1;
      if (index === 1) throw new Error("broken");
      return index;
    });
  const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled", "fulfilled"]);
  expect([most, begun]).toEqual([2, [0, 1, 2, 3, 4, 5]]);
});
