import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startTime } from "./proc.ts";

/** Does work while no other process holds the lock at `path`. A lock whose holder has died is taken over. `onWait` is told once when it must wait. */
export async function withLock<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const own = join(path, "holder");
  for (let waited = false; !(await tryLock(path)); waited = true) {
    if (!waited) onWait();
    await sleep(200);
  }
  try {
    await writeFile(own, `${process.pid} ${startTime(process.pid)}`);
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch {
    const holder = await readFile(join(path, "holder"), "utf8").catch(() => undefined);
    const [pid = "", started = ""] = holder?.split(" ") ?? [];
    if (holder !== undefined && !isAlive(Number(pid), started)) {
      // Renamed first: of several that see the dead holder, one succeeds.
      const stale = `${path}.${process.pid}.stale`;
      await rename(path, stale).catch(() => {});
      await rm(stale, { recursive: true, force: true });
    }
    return false;
  }
}
