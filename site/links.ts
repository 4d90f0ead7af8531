import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { repositoryUrl, root } from "./repository.ts";

/** The file of the repository that a page is made from: the README is the first page, docs/ is the rest. */
function sourceOf(page: string): string {
  return page === "index.md" ? "README.md" : posix.join("docs", page);
}

/** The page that is made from a file of the repository, if one is. */
function pageOf(file: string): string | undefined {
  if (file === "README.md") return "index.md";
  return file.startsWith("docs/") && file.endsWith(".md") ? file.slice("docs/".length) : undefined;
}

/**
 * What a link that is written for GitHub becomes on the site: the address of another page, else where the repository shows the file on the web.
 * Throws an Error that names the page and the link for a file that there is not.
 */
export function linkOnSite(page: string, href: string): string {
  // Typedoc links its pages itself.
  if (page.startsWith("api/") || isElsewhere(href)) return href;
  const [path = "", anchor] = href.split("#");
  const file = targetOf(page, path);
  const target = pageOf(file);
  const fragment = anchor === undefined ? "" : `#${anchor}`;
  if (target !== undefined) return `/${target}${fragment}`;
  const view = statSync(join(root, file)).isDirectory() ? "tree" : "blob";
  return `${repositoryUrl()}/${view}/main/${file}${fragment}`;
}

/** The same for a picture, which the site brings along: its path from the page. */
export function pictureOnSite(page: string, source: string): string {
  if (isElsewhere(source)) return source;
  const path = posix.relative(posix.dirname(posix.join("docs", page)), targetOf(page, source));
  return path.startsWith(".") ? path : `./${path}`;
}

function isElsewhere(href: string): boolean {
  return /^([a-z][a-z\d+.-]*:|\/|#)/i.test(href);
}

function targetOf(page: string, path: string): string {
  const source = sourceOf(page);
  const file = posix.join(posix.dirname(source), decodeURI(path)).replace(/\/$/, "");
  if (!file.startsWith("..") && existsSync(join(root, file))) return file;
  throw new Error(`${source}: the link ${path} leads to ${file}, which there is not`);
}
