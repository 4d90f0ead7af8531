import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "./wait.ts";

const root = "/sys/fs/cgroup";
const v2 = existsSync(join(root, "cgroup.controllers"));

/** The hierarchies of version 1, each with its own tree; or the one of version 2. */
const hierarchies = (): string[] =>
  v2
    ? [root]
    : readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(root, name));

/** Where the node's pods keep their cgroups. */
export const cgroupOf = (slot: number): string => `plimsoll${slot}`;

/** Makes the cgroup below which a kubelet makes its pods'. */
export function makeCgroup(name: string): void {
  if (v2) {
    // A machine that is itself a container may delegate fewer.
    for (const controller of ["cpuset", "cpu", "io", "memory", "hugetlb", "pids"]) {
      try {
        writeFileSync(join(root, "cgroup.subtree_control"), `+${controller}`);
      } catch {}
    }
  }
  for (const hierarchy of hierarchies()) mkdirSync(join(hierarchy, name), { recursive: true });
}

/** Removes the cgroup with those below it, once their processes have ended. */
export async function removeCgroup(name: string): Promise<void> {
  if (!existsSync(root)) return;
  for (const hierarchy of hierarchies())
    await waitFor(`the end of the cgroup ${join(hierarchy, name)}`, () => isRemoved(join(hierarchy, name)), {
      timeout: 10_000,
      interval: 50,
    });
}

function isRemoved(folder: string): boolean {
  if (!existsSync(folder)) return true;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory() && !isRemoved(join(folder, entry.name))) return false;
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
