import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { AbortListeners } from "./abort-listeners.ts";

test("each is told of its own signal's abort, by one listener a signal, and no listener stays where nobody waits", () => {
  const told: string[] = [];
  const listeners = new AbortListeners<{ name: string }>(({ name }, reason) => told.push(`${name}: ${String(reason)}`));
  const [one, other] = [new AbortController(), new AbortController()];
  const count = () => [one, other].map(({ signal }) => getEventListeners(signal, "abort").length);
  const [a, b, c, d] = [{ name: "a" }, { name: "b" }, { name: "c" }, { name: "d" }];

  for (const waiter of [a, b, c]) listeners.add(one.signal, waiter);
  listeners.add(other.signal, d);
  expect(count()).toEqual([1, 1]);

  listeners.delete(one.signal, b);
  listeners.delete(other.signal, d);
  expect(count()).toEqual([1, 0]);

  one.abort("enough");
  other.abort("late");
  expect(told).toEqual(["a: enough", "c: enough"]);
  expect(count()).toEqual([0, 0]);
});
