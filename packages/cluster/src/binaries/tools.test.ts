import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toolFolder, tools, versionOf } from "./tools.ts";

test.each(tools)("$name is pinned to a release by its Go module, with the sums of all that it is made of", (tool) => {
  expect(versionOf(tool)).toMatch(/^v\d+\.\d+\.\d+$/);
  expect(existsSync(join(toolFolder(tool), "go.sum"))).toBe(true);
});

test.each([
  ["kubernetes", "k8s.io/component-base/version.gitVersion=v1.2.3"],
  ["helm3", "helm.sh/helm/v3/internal/version.version=v1.2.3"],
  ["helm4", "helm.sh/helm/v4/internal/version.version=v1.2.3"],
])("the binaries of %s are told the version that their module has", (name, variable) => {
  expect(tools.find((tool) => tool.name === name)?.ldflags?.("v1.2.3")).toContain(variable);
});
