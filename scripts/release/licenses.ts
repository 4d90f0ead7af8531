import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The folders of the npm packages that some of the files (from `root`) belong to, sorted. */
export function packagesOf(files: Iterable<string>, root: string): string[] {
  const folders = [...files].flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].toSorted().map((folder) => join(root, folder));
}

/** Name, version, licence and licence text of each of the npm packages in these folders, sorted by name. */
export async function licensesOf(packages: readonly string[]): Promise<string> {
  const texts = await Promise.all(packages.map(licenseOf));
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
