import { expect, test } from "vitest";
import { parseSelector } from "./label-selector.ts";

test.each([
  ["pool=batch", { matchLabels: { pool: "batch" } }],
  ["pool==batch,zone=a", { matchLabels: { pool: "batch", zone: "a" } }],
  ["pool!=batch", { matchExpressions: [{ key: "pool", operator: "NotIn", values: ["batch"] }] }],
  [
    "topology.kubernetes.io/zone in (a, b)",
    { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["a", "b"] }] },
  ],
  [
    "zone notin (a,b),gpu,!old",
    {
      matchExpressions: [
        { key: "zone", operator: "NotIn", values: ["a", "b"] },
        { key: "gpu", operator: "Exists" },
        { key: "old", operator: "DoesNotExist" },
      ],
    },
  ],
  ["pool=", { matchLabels: { pool: "" } }],
  ["pool=a,pool=b", { matchLabels: { pool: "a" }, matchExpressions: [{ key: "pool", operator: "In", values: ["b"] }] }],
])("%s", (text, selector) => {
  expect(parseSelector(text)).toEqual(selector);
});

test.each(["", "pool=a,", "pool in a", "=a", "a b", "pool in (a", "pool>3"])('"%s" is refused', (text) => {
  expect(() => parseSelector(text)).toThrow(/is no requirement/);
});
