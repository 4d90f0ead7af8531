import { expect, test } from "vitest";
import { fieldChanges } from "./changes.ts";

test("each field that differs is told by its path, with what it was and what it is to be", () => {
  const before = { metadata: { name: "x", labels: { a: "1" } }, spec: { replicas: 1, containers: [{ image: "a:1", args: ["x"] }] } };
  const after = { metadata: { name: "x", labels: {} }, spec: { replicas: 2, containers: [{ image: "a:2", args: ["x"] }], paused: false } };
  expect(fieldChanges(before, after)).toEqual([
    { path: "metadata.labels.a", before: "1" },
    { path: "spec.replicas", before: 1, after: 2 },
    { path: "spec.containers[0].image", before: "a:1", after: "a:2" },
    { path: "spec.paused", after: false },
  ]);
});

test("what the API server writes, and the status, is no change", () => {
  const metadata = { name: "x", uid: "u", resourceVersion: "1", generation: 1, managedFields: [1], creationTimestamp: "a" };
  expect(
    fieldChanges({ metadata, status: { a: 1 } }, { metadata: { ...metadata, resourceVersion: "2", generation: 2, managedFields: [] } }),
  ).toEqual([]);
});

test("an entry that is put before others of a list is one change", () => {
  expect(fieldChanges({ rules: [{ a: 1 }, { b: 2 }] }, { rules: [{ c: 3 }, { a: 1 }, { b: 2 }] })).toEqual([
    { path: "rules[0]", after: { c: 3 } },
  ]);
  expect(fieldChanges({ args: ["x", "x"] }, { args: ["x"] })).toEqual([{ path: "args", before: ["x", "x"], after: ["x"] }]);
});

test("a key that isn't a word stands in brackets", () => {
  expect(fieldChanges({ data: { "plimsoll.yaml": "a" } }, { data: { "plimsoll.yaml": "b" } })).toEqual([
    { path: 'data["plimsoll.yaml"]', before: "a", after: "b" },
  ]);
});
