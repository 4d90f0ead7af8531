import { expect, test } from "vitest";
import { closest } from "./closest.ts";

test.each([
  ["laod", ["load", "b"], "load"],
  ["imag", ["image", "if"], "image"],
  ["image_pull_policy", ["image", "imagePullPolicy"], "imagePullPolicy"],
  ["ImagePullPolicy", ["imagePullPolicy"], "imagePullPolicy"],
  ["nam", ["name"], "name"],
])("%s of %j is perhaps %s", (name, known, meant) => {
  expect(closest(name, known)).toBe(`; did you mean "${meant}"?`);
});

test.each([
  ["id", ["if", "name"]],
  ["x", ["a"]],
  ["ds", ["cs"]],
])("a short word as %s is another word than any of %j", (name, known) => {
  expect(closest(name, known)).toBe(`; there is ${known.join(", ")}`);
});
