import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Name, version, licence and licence text of each npm package that one of the files (from `root`) belongs to, sorted by name. */
export async function licensesOf(files: Iterable<string>, root: string): Promise<string> {
  const folders = new Set([...files].flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []));
  const texts = await Promise.all(Array.from(folders, (folder) => licenseOf(join(root, folder))));
  return [...new Set(texts)].toSorted().join(`\n${"-".repeat(80)}\n\n`);
}

async function licenseOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)([.-].*)?$/i.test(file)).toSorted();
  const texts = await Promise.all(files.map(async (file) => (await readFile(join(folder, file), "utf8")).trim()));
  return `${name} ${version}: ${license ?? "see below"}\n\n${texts.join("\n\n") || "The package has no file with its licence."}\n`;
}
