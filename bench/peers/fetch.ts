import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import * as z from "zod";
import type { Source } from "./sources.ts";

const downloaded = z.object({ Dir: z.string(), Sum: z.string() });

/**
 * The folder with a source's files; undefined for a checkout that nobody has named.
 * @throws Error where Go has no such module, or it isn't the one that was pinned.
 */
export async function folderOf(source: Source): Promise<string | undefined> {
  if ("folder" in source) return process.env[source.folder];
  const { module, version, sum } = source;
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", `${module}@${version}`], {
    // Outside of any module, or that one's go.mod would be read first.
    cwd: tmpdir(),
  }).catch((error: unknown) => {
    const { code, stdout = "" } = error as { code?: unknown; stdout?: string };
    const why = code === "ENOENT" ? "go is not installed; see https://go.dev/doc/install" : stdout || String(error);
    throw new Error(`${module}@${version} can't be downloaded: ${why}`, { cause: error });
  });
  const { Dir: folder, Sum: found } = downloaded.parse(JSON.parse(stdout));
  if (found !== sum) throw new Error(`${module}@${version} is ${found}, but ${sum} was pinned: the counts would be of something else`);
  return folder;
}
