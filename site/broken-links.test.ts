import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { brokenLinks } from "./broken-links.ts";
import { repositoryUrl } from "./repository.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-site-"));
  mkdirSync(join(folder, "designs"));
  writeFileSync(join(folder, "index.html"), '<h1 id="top">…</h1>');
  writeFileSync(join(folder, "designs/one.html"), '<h2 id="the-choice">…</h2>');
});
afterEach(() => rmSync(folder, { recursive: true }));

const linked = (href: string): string[] => {
  writeFileSync(join(folder, "page.html"), `<h2 id="here">…</h2><p><a class="x" href="${href}">…</a></p>`);
  return brokenLinks(folder, "/plimsoll/");
};

test.each([
  "/plimsoll/",
  "/plimsoll/#top",
  "/plimsoll/designs/one#the-choice",
  "/plimsoll/designs/one.html",
  "#here",
  "https://kubernetes.io/#nothing",
  `${repositoryUrl()}/blob/main/package.json#L1`,
  `${repositoryUrl()}/tree/main/docs`,
  repositoryUrl(),
])("%s leads somewhere", (href) => {
  expect(linked(href)).toEqual([]);
});

test.each([
  "/plimsoll/two",
  "/plimsoll/#bottom",
  "/plimsoll/designs/one#the-question",
  "#there",
  `${repositoryUrl()}/blob/main/nothing.ts`,
])("%s leads nowhere, and is told with its page", (href) => {
  expect(linked(href)).toEqual([`page.html: ${href}`]);
});
