import { expect, test } from "vitest";
import { formatPath, type Path } from "./path.ts";

test.each<[Path, string]>([
  [[], ""],
  [["spec", "steps", 0, "image"], "spec.steps[0].image"],
  [[3, "verbs"], "[3].verbs"],
  [["metadata", "labels", "app.kubernetes.io/name"], 'metadata.labels["app.kubernetes.io/name"]'],
  [["spec", "params", ""], 'spec.params[""]'],
  [["a\nb"], '["a\\nb"]'],
])("%j is written %s", (path, text) => {
  expect(formatPath(path)).toBe(text);
});
