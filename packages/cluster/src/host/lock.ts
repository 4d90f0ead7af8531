import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { waitFor } from "./wait.ts";

/**
 * Does `work` while no other process does anything under the same lock file. SQLite's file lock is the operating system's:
 * it ends with its process, however that ends. `onWait` is called once, when another process has to be waited for.
 */
export async function locked<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  // Whoever may read the file could hold the lock.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    let waited = false;
    await waitFor(
      `the lock ${path}`,
      () => {
        if (acquired(database)) return true;
        if (!waited) onWait();
        waited = true;
        return false;
      },
      { timeout: 3_600_000, interval: 200 },
    );
    return await work();
  } finally {
    database.close();
  }
}

const busy = 5;

function acquired(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return false;
    throw error;
  }
}
