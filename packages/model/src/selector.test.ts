import { expect, test } from "vitest";
import { matches } from "./selector.ts";

const labels = { app: "web", tier: "front" };

test.each([
  [undefined, false],
  [{}, true],
  [{ matchLabels: { app: "web" } }, true],
  [{ matchLabels: { app: "web", tier: "back" } }, false],
  [{ matchLabels: { toString: "x" } }, false],
  [{ matchExpressions: [{ key: "app", operator: "In", values: ["web", "db"] }] }, true],
  [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }, false],
  [{ matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] }, false],
  [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }, true],
  [{ matchExpressions: [{ key: "toString", operator: "Exists" }] }, false],
  [{ matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] }, true],
  [{ matchLabels: { app: "web" }, matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, false],
  [{ matchExpressions: [{ key: "app", operator: "Gt", values: ["1"] }] }, false],
])("%j chooses it: %j", (selector, chosen) => {
  expect(matches(selector, labels)).toBe(chosen);
});
