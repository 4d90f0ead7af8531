import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import controller from "../../packages/controller/package.json" with { type: "json" };

const charts = new URL("../../charts", import.meta.url).pathname;

/**
 * Writes the chart as `plimsoll-VERSION.tgz` into a folder, and gives its path. The same files give the same bytes, which those of
 * `helm package` don't: they hold the times and modes of the files.
 */
export async function packageChart(folder: string): Promise<string> {
  const fixed = ["--format=ustar", "--sort=name", "--mtime=@0", "--numeric-owner", "--owner=0", "--group=0", "--mode=u=rwX,go=rX"];
  const args = ["--create", "--directory", charts, ...fixed, "plimsoll"];
  const { stdout } = await promisify(execFile)("tar", args, { encoding: "buffer", maxBuffer: 1 << 26 });
  await mkdir(folder, { recursive: true });
  const path = join(folder, `plimsoll-${controller.version}.tgz`);
  await writeFile(path, gzipSync(stdout, { level: 9 }));
  return path;
}
