import { slug } from "github-slugger";
import { defineConfig, type MarkdownOptions } from "vitepress";
import { linkOnSite, pictureOnSite } from "../links.ts";
import { output, pages } from "../places.ts";
import { repositoryUrl } from "../repository.ts";
import { sidebar } from "../sidebar.ts";

/** The pages are written for GitHub: its links, its anchors, and no templates. */
const markdown: MarkdownOptions = {
  anchor: { slugify: slug },
  config: (md) => {
    // Vue would take the braces of `${{ params.name }}` for its own, but not as entities.
    const text = md.renderer.rules.text;
    md.renderer.rules.text = (...rest) => (text?.(...rest) ?? "").replaceAll("{{", "&#123;&#123;");
    md.core.ruler.push("written-for-github", ({ tokens, env }) => {
      const { relativePath } = env as { relativePath: string };
      // Shown as the fenced ones are.
      for (const token of tokens) if (token.type === "code_block") token.type = "fence";
      for (const token of tokens.flatMap(({ children }) => children ?? [])) {
        const [href, src] = [token.attrGet("href"), token.attrGet("src")];
        if (token.type === "link_open" && href !== null) token.attrSet("href", linkOnSite(relativePath, href));
        if (token.type === "image" && src !== null) token.attrSet("src", pictureOnSite(relativePath, src));
        if (token.type === "code_inline") token.attrSet("v-pre", "");
      }
    });
  },
};

/** The load line of a ship, as a data URL. */
const mark = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#3451b2" stroke-width="4"><circle cx="16" cy="16" r="10"/><path d="M1 16h30"/></svg>',
);

export default defineConfig({
  title: "Plimsoll",
  description: "Pipelines on Kubernetes, and the permissions that they take, proved",
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${mark}` }]],
  srcDir: pages,
  outDir: output,
  cleanUrls: true,
  lastUpdated: false,
  markdown,
  // The index for the search is one file, of a megabyte and more.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  themeConfig: {
    sidebar: sidebar(pages),
    outline: [2, 3],
    search: {
      provider: "local",
      // What is explained comes before what is listed.
      options: { miniSearch: { searchOptions: { boostDocument: (id: string) => (id.includes("/api/") ? 0.3 : 1) } } },
    },
    socialLinks: [{ icon: "github", link: repositoryUrl() }],
  },
});
