import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { WeakCache } from "./weak-cache.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("a value is found as long as somebody holds it; of others not even the keys stay", async () => {
  const cache = new WeakCache<object>();
  const held = { held: true };
  cache.set("held", held);
  for (let index = 0; index < 1000; index += 1) cache.set(`dropped ${index}`, { index });
  await expect
    .poll(() => {
      collectGarbage();
      return cache.size;
    })
    .toBe(1);
  expect(cache.get("held")).toBe(held);
});

test("a value that takes an old one's place stays when the old one is collected", async () => {
  const cache = new WeakCache<object>();
  const second = { second: true };
  cache.set("other", {});
  cache.set("key", {});
  cache.set("key", second);
  await expect
    .poll(() => {
      collectGarbage();
      return cache.size;
    })
    .toBe(1);
  expect(cache.get("key")).toBe(second);
});
