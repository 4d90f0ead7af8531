import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "@plimsoll/cluster";

const run = promisify(execFile);

/** A hung mirror must not hang the tests. */
const timeout = 300_000;

/** Where promtool is, which checks Prometheus' rules: in the cache, else from Debian's package, which is unpacked and not installed; or why it can't be had. */
export async function findPromtool(): Promise<{ path: string } | { reason: string }> {
  try {
    const folder = join(cacheFolder(), "bin");
    return { path: (await cached(folder)) ?? (await unpack(folder)) };
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? error.name) : String(error) };
  }
}

async function cached(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((name) => name.startsWith("promtool-"));
  return name === undefined ? undefined : join(folder, name, "promtool");
}

/** With lists of packages of its own: those of the machine may be old or none, and take root to be renewed. */
async function unpack(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const scratch = await mkdtemp(join(folder, ".promtool-"));
  try {
    for (const part of ["lists/partial", "cache/archives/partial"]) await mkdir(join(scratch, part), { recursive: true });
    const apt = (command: string, ...names: string[]): Promise<unknown> => {
      const settings = ["-o", `Dir::State::lists=${scratch}/lists`, "-o", `Dir::Cache=${scratch}/cache`];
      return run("apt-get", [...settings, "-qq", command, ...names], { cwd: scratch, timeout });
    };
    await apt("update");
    await apt("download", "prometheus");
    // As in prometheus_2.42.0+ds-5_amd64.deb.
    const file = (await readdir(scratch)).find((name) => name.endsWith(".deb"));
    if (file === undefined) throw new Error("apt-get has downloaded no package");
    await run("dpkg", ["-x", join(scratch, file), join(scratch, "root")], { timeout });
    const place = join(folder, `promtool-${file.split("_")[1]}`);
    // Whole or not at all; another process may have been faster.
    await rename(join(scratch, "root/usr/bin"), place).catch(async (error: unknown) => {
      if ((await cached(folder)) === undefined) throw error;
    });
    await rm(join(place, "prometheus"), { force: true });
    return join(place, "promtool");
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
