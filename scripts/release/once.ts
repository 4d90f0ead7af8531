import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Runs `make` to fill a new folder and puts it at `path`, whole or not at all; nothing where it is there already. Gives `path`. */
export async function once(path: string, make: (scratch: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const scratch = await mkdtemp(join(dirname(path), ".new-"));
  try {
    await make(scratch);
    // Another process may have been faster.
    await rename(scratch, path).catch((error: unknown) => {
      if (!existsSync(path)) throw error;
    });
    return path;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
