import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleOf, bundlesVariable, programs } from "../../scripts/programs.ts";
import { bundle } from "../../scripts/release/bundle.ts";
import { controllersAlone } from "../../scripts/release/packages.ts";
import { root } from "../../scripts/release/release.ts";

/** What those in `bin` start: named here, all is bundled at once, and what they have in common is there once. */
const started = {
  "cli-main": "packages/cli/src/main.ts",
  "controller-main": "packages/controller/src/main.ts",
  "updater-main": "packages/updater/src/main.ts",
};

/**
 * Bundles our programs for this process and those that it starts, as users have them but legibly: one starts with a third to a quarter of
 * the CPU time that its source takes. Gives what takes the bundles away again.
 */
export async function buildPrograms(): Promise<() => void> {
  // Within the checkout, as there the packages are found that are not in the bundles.
  const outdir = mkdtempSync(join(root, "node_modules/.plimsoll-programs-"));
  const entries = Object.fromEntries(Object.values(programs).map((file) => [bundleOf(file), file]));
  await bundle({
    entries: { ...entries, ...started },
    outdir,
    splitting: true,
    sourcemap: false,
    external: ["@plimsoll/cluster", ...controllersAlone],
  });
  process.env[bundlesVariable] = outdir;
  return () => {
    delete process.env[bundlesVariable];
    rmSync(outdir, { recursive: true });
  };
}
