// The documentation as a site, from docs/ and the docstrings: `npm run docs` builds it into site/dist, `npm run docs -- --serve` shows it, too.
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, serve } from "vitepress";
import { brokenLinks } from "./broken-links.ts";
import { output, pages } from "./places.ts";
import { writeReference } from "./reference.ts";
import { root } from "./repository.ts";

const site = fileURLToPath(new URL(".", import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { serve: { type: "boolean" }, base: { type: "string", default: "/" } } });
  const { base } = values;
  if (!/^\/(.*\/)?$/.test(base)) throw new RangeError(`--base: "${base}" is no path on a host: it begins and ends with a slash`);
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages, { recursive: true });
  cpSync(join(root, "docs"), pages, { recursive: true });
  copyFileSync(join(root, "README.md"), join(pages, "index.md"));
  await writeReference(join(pages, "api"));
  await build(site, { base });
  const broken = brokenLinks(output, base);
  if (broken.length > 0) throw new Error(`these links lead nowhere:\n${broken.join("\n")}`);
  console.log(`Built: ${output}`);
  if (values.serve) await serve({ root: site, base, port: 4173 });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof RangeError || (error instanceof TypeError && "code" in error) ? 2 : 1;
}
