import { existsSync, readFileSync, globSync } from "node:fs";
import { join } from "node:path";
import { repositoryUrl, root } from "./repository.ts";

/** The links of a built site that lead to a heading or a file of the repository that there is not, each with its page. The builder itself looks after links to pages. */
export function brokenLinks(folder: string, base: string): string[] {
  const texts = new Map(globSync("**/*.html", { cwd: folder }).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  const anchors = new Map([...texts].map(([file, text]) => [file, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]));
  return [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/<a [^>]*?href="([^"]+)"/g)]
      .map(([, href = ""]) => href)
      .filter((href) => !leads(href, file))
      .map((href) => `${file}: ${href}`),
  );

  function leads(href: string, from: string): boolean {
    if (href.startsWith(`${repositoryUrl()}/`)) return existsInRepository(href);
    if (!/^[/#]/.test(href)) return true;
    const [path = "", anchor] = decodeURI(href).split("#");
    const page = path === "" ? from : pageAt(path.slice(base.length));
    const ids = anchors.get(page);
    return ids !== undefined && (anchor === undefined || anchor === "" || ids.has(anchor));
  }
}

/** The file of the page at a path within the site. */
function pageAt(path: string): string {
  return path === "" || path.endsWith("/") ? `${path}index.html` : `${path.replace(/\.html$/, "")}.html`;
}

function existsInRepository(href: string): boolean {
  const file = /\/(?:blob|tree)\/main\/([^#]*)/.exec(href.slice(repositoryUrl().length))?.[1];
  return file === undefined || existsSync(join(root, file));
}
