import { array, assert, boolean, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { Lines } from "./lines.ts";
import type { RequestView } from "../decide/request-view.ts";
import { servingSigner } from "../decide/signers.ts";
import { Waiting } from "./waiting.ts";

const view = (version: number, requester: string): RequestView => ({
  name: `r${version}`,
  uid: `u${version}`,
  resourceVersion: `${version}`,
  createdAt: version,
  signer: servingSigner,
  requester,
  groups: [],
  usages: [],
  expirationSeconds: undefined,
  request: "",
  approvedAt: undefined,
  object: undefined,
});

test("how many requests of the same requester are newer is known, whatever came and went", () => {
  assert(
    property(
      array(record({ version: integer({ min: 1, max: 50 }), requester: integer({ min: 0, max: 2 }), comes: boolean() })),
      (changes) => {
        const waiting = new Waiting();
        const there = new Map<number, RequestView>();
        for (const { version, requester, comes } of changes) {
          const known = there.get(version);
          if (known !== undefined) waiting.remove(known);
          there.delete(version);
          if (!comes) continue;
          const request = view(version, `${requester}`);
          waiting.add(request);
          there.set(version, request);
        }
        expect(waiting.size).toBe(there.size);
        for (const [version, request] of there)
          expect(waiting.newer(request)).toBe(
            [...there].filter(([other, { requester }]) => other > version && requester === request.requester).length,
          );
      },
    ),
  );
});

test("another key is in the way of a first certificate as long as its request is young, and there", () => {
  const waiting = new Waiting();
  const [old, young] = [view(1, "b"), view(2, "b")];
  for (const request of [old, young]) waiting.add(request);
  waiting.isFirst(old, "a", "one");
  waiting.isFirst(young, "a", "other");
  expect(waiting.firstsBeside(young, "a", "other", 0)).toEqual({ newer: 0, isContested: true });
  expect(waiting.firstsBeside(young, "a", "other", 2)).toEqual({ newer: 0, isContested: false });
  expect(waiting.firstsBeside(old, "a", "one", 0)).toEqual({ newer: 1, isContested: true });
  waiting.remove(young);
  expect(waiting.firstsBeside(old, "a", "one", 0)).toEqual({ newer: 0, isContested: false });
});

test("in a line the newest is first, and what is put behind comes last", () => {
  const lines = new Lines();
  const line = lines.put("one", "aa", "first");
  // The same slot.
  lines.put("one", "aa", "first");
  lines.put("one", "aa", "last");
  expect(lines.put("other", "aa", "first")).not.toBe(line);
  expect([lines.take(line), lines.take(line), lines.take(line), lines.take(line), lines.has(line)]).toEqual([
    "aa",
    "aa",
    "aa",
    undefined,
    false,
  ]);
});
