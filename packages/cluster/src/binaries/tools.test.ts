import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toolFolder, tools, versionOf } from "./tools.ts";

test.each(tools)("$name is pinned to a release by its Go module, with the sums of all that it is made of", (tool) => {
  expect(versionOf(tool)).toMatch(/^v\d+\.\d+\.\d+$/);
  expect(existsSync(join(toolFolder(tool), "go.sum"))).toBe(true);
});

test("Kubernetes' binaries are told the version that their module has", () => {
  const kubernetes = tools.find(({ name }) => name === "kubernetes");
  expect(kubernetes?.ldflags?.("v1.36.3")).toContain("component-base/version.gitVersion=v1.36.3");
});
