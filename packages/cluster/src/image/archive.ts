import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { thisPlatform } from "../binaries/release.ts";
import { cacheMode } from "../folders.ts";
import { run } from "../run.ts";

export interface ImageConfig {
  /** Beside PATH. */
  Env?: string[];
  Cmd?: string[];
  Entrypoint?: string[];
}

/**
 * Writes a docker-archive to `path`: one layer, the tree below `root`, under each of the names (as "busybox:latest").
 * Everything in it belongs to root, and has no time of its own: the same tree gives the same image.
 */
export async function writeArchive(path: string, root: string, images: Record<string, ImageConfig>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: cacheMode });
  const scratch = await mkdtemp(join(dirname(path), ".new-"));
  try {
    const layer = join(scratch, "layer.tar");
    await run("tar", [
      "--create",
      "--file",
      layer,
      "--directory",
      root,
      "--sort=name",
      "--mtime=@0",
      "--numeric-owner",
      "--owner=0",
      "--group=0",
      ".",
    ]);
    const digest = `sha256:${await sha256(layer)}`;
    const manifest = [];
    for (const [name, { Env = [], ...config }] of Object.entries(images)) {
      const text = JSON.stringify({
        architecture: thisPlatform.arch,
        os: "linux",
        created: "1970-01-01T00:00:00Z",
        config: { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...Env], ...config },
        rootfs: { type: "layers", diff_ids: [digest] },
      });
      const file = `${createHash("sha256").update(text).digest("hex")}.json`;
      await writeFile(join(scratch, file), text);
      manifest.push({ Config: file, RepoTags: [name], Layers: ["layer.tar"] });
    }
    await writeFile(join(scratch, "manifest.json"), JSON.stringify(manifest));
    await run("tar", [
      "--create",
      "--file",
      join(scratch, "image.tar"),
      "--directory",
      scratch,
      "manifest.json",
      ...manifest.map(({ Config }) => Config),
      "layer.tar",
    ]);
    await rename(join(scratch, "image.tar"), path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
