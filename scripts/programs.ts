import { basename, extname, join } from "node:path";
import { root } from "./release/release.ts";

/** Where bundles of them stand, for this process and those that it starts; unset where there are none. */
export const bundlesVariable = "PLIMSOLL_PROGRAMS";

/** Programs of ours that others start → source file, from the checkout's root. */
export const programs = {
  cli: "packages/cli/bin/plimsoll.mjs",
  controller: "packages/controller/bin/plimsoll-controller.mjs",
  updater: "packages/updater/bin/plimsoll-updater.mjs",
  dyingController: "tests/support/dying-controller.ts",
  leaderCandidate: "tests/support/leader-candidate.ts",
} as const;

/** The file to run a program by: its bundle, or its source where nothing is bundled. */
export function programOf(name: keyof typeof programs): string {
  const folder = process.env[bundlesVariable];
  return folder === undefined ? join(root, programs[name]) : join(folder, `${bundleOf(programs[name])}.mjs`);
}

/** The name of a source file's bundle, without its ending. */
export function bundleOf(file: string): string {
  return basename(file, extname(file));
}
