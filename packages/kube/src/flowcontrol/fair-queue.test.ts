import { expect, test } from "vitest";
import { FairQueue } from "./fair-queue.ts";

function filled(keys: string) {
  const queue = new FairQueue<{ text: string }>();
  const items = Array.from(keys, (key, i) => ({ key, text: `${key}${i}` }));
  for (const item of items) queue.add(item.key, item);
  return {
    queue,
    items,
    drained: () =>
      Array.from(items, () => queue.shift()?.text ?? "")
        .join(" ")
        .trim(),
  };
}

test("the keys take turns, and of one key the first come is the first served", () => {
  expect(filled("aaaabbc").drained()).toBe("a0 b4 c6 a1 b5 a2 a3");
});

test("a key that comes late is next after those that wait have had one turn", () => {
  const { queue, drained } = filled("aabb");
  expect(queue.shift()?.text).toBe("a0");
  queue.add("c", { text: "c" });
  expect(drained()).toBe("b2 a1 c b3");
});

test("what is deleted is passed over, and an empty line leaves nothing behind", () => {
  const { queue, items, drained } = filled("abab");
  for (const i of [0, 1, 3]) queue.delete(items[i]?.key ?? "", items[i] ?? { text: "" });
  expect(queue.keys).toBe(1);
  expect(drained()).toBe("a2");
  expect(queue.keys).toBe(0);
  queue.delete("a", { text: "unknown" });
});
