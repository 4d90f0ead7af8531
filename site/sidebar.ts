import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { root } from "./repository.ts";

type Item = DefaultTheme.SidebarItem;

/** The pages of docs/ by task, reference and designs, and the packages' reference in `pages`: they stand in the order in which the README names them under “Where to read on”, then by name. */
export function sidebar(pages: string): Item[] {
  const docs = join(root, "docs");
  return [
    { text: "By task", items: itemsIn(docs, "") },
    { text: "Reference", items: itemsIn(docs, "reference") },
    { text: "Packages", link: "/api/", collapsed: true, items: itemsIn(pages, "api") },
    { text: "Designs", collapsed: true, items: itemsIn(docs, "designs") },
  ];
}

function itemsIn(base: string, folder: string): Item[] {
  const [, readme = ""] = readFileSync(join(root, "README.md"), "utf8").split("## Where to read on");
  const place = (name: string): number => {
    const found = readme.indexOf(`](${join("docs", folder, name)})`);
    return found === -1 ? readme.length : found;
  };
  return readdirSync(join(base, folder))
    .filter((name) => name.endsWith(".md") && name !== "index.md")
    .map((name) => basename(name, ".md"))
    .toSorted((a, b) => place(`${a}.md`) - place(`${b}.md`) || a.localeCompare(b))
    .map((name) => ({ text: titleOf(join(base, folder, `${name}.md`)), link: `/${join(folder, name)}` }));
}

/** The text of a page's first heading. */
function titleOf(file: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  if (heading === undefined) throw new Error(`${file}: a page begins with a heading, "# …"`);
  return heading.replaceAll("`", "");
}
