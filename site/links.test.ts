import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linkOnSite, pictureOnSite } from "./links.ts";
import { repositoryUrl, root } from "./repository.ts";

test.each([
  ["index.md", "docs/install.md#start-the-controller", "/install.md#start-the-controller"],
  ["designs/status-writes.md", "../pipelines.md", "/pipelines.md"],
  ["cli.md", "https://kubernetes.io", "https://kubernetes.io"],
  ["cli.md", "#rights", "#rights"],
  ["cluster.md", "../README.md", "/index.md"],
  ["api/@plimsoll.kube.md", "@plimsoll.api.md#step", "@plimsoll.api.md#step"],
])("of the page %s, %s stays within the site as %s", (page, href, expected) => {
  expect(linkOnSite(page, href)).toBe(expected);
});

test.each([
  ["install.md", "../SECURITY.md#the-local-cluster", "blob/main/SECURITY.md#the-local-cluster"],
  ["designs/fewest-rules.md", "../../packages/permissions/src/minimise", "tree/main/packages/permissions/src/minimise"],
  ["index.md", "LICENSE", "blob/main/LICENSE"],
  ["reference/config.md", "config.schema.json", "blob/main/docs/reference/config.schema.json"],
])("of the page %s, %s leads to the repository's %s", (page, href, path) => {
  expect(linkOnSite(page, href)).toBe(`${repositoryUrl()}/${path}`);
});

test.each(["nowhere.md", "../nowhere.ts", "../../outside.md"])("a link to %s is an error that names the page and the link", (href) => {
  expect(() => linkOnSite("install.md", href)).toThrow(`docs/install.md: the link ${href} leads to `);
});

test("a picture is found from the page where it stands on the site", () => {
  expect(pictureOnSite("index.md", "docs/images/digits.svg")).toBe("./images/digits.svg");
  expect(pictureOnSite("designs/status-writes.md", "../images/digits.svg")).toBe("../images/digits.svg");
});

test("the forms for issues lead to this repository", () => {
  const folder = join(root, ".github/ISSUE_TEMPLATE");
  const urls = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").match(/https:\/\/github\.com\/\S+/g) ?? []);
  expect(urls).not.toEqual([]);
  for (const url of urls) expect(url).toMatch(`${repositoryUrl()}/`);
});
