import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Release } from "./release.ts";

/** In hexadecimal. */
export function sha256Of(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Writes SHA256SUMS over all that people download, as `sha256sum --check` reads it. */
export async function checksums({ folder }: Release): Promise<void> {
  const files = globSync(["*", "krew/*", "images/*"], { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
  writeFileSync(join(folder, "SHA256SUMS"), files.map((file) => `${sha256Of(join(folder, file))}  ${file}\n`).join(""));
}
