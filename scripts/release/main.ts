// Builds what is released into a folder: `npm run release -- --help`.
import { messageOf } from "@plimsoll/kube/message";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { packageChart } from "./chart.ts";
import { checksums } from "./checksums.ts";
import { executables } from "./executables.ts";
import { writeImages } from "./image/images.ts";
import { krewManifest } from "./krew.ts";
import { writeManifest } from "./manifest.ts";
import { npmPackages } from "./npm-packages.ts";
import { parseOptions, stepNames, UsageError, usage, type Options, type StepName } from "./options.ts";
import type { Release } from "./release.ts";
import { sbom } from "./sbom.ts";
import { sharedVersion } from "./version.ts";

/** In this order: a later one takes what an earlier one made. */
const steps: Record<StepName, (release: Release) => Promise<unknown>> = {
  npm: npmPackages,
  executables,
  krew: krewManifest,
  chart: ({ folder }) => packageChart(folder),
  manifest: async ({ folder }) => writeManifest(folder),
  images: async ({ folder, contents }) => {
    for (const [path, { packages }] of await writeImages(join(folder, "images"))) contents.set(relative(folder, path), packages);
  },
  sbom,
  checksums,
};

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(usage);
  else await release(options);
} catch (error) {
  console.error(`error: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function release({ out, baseUrl, platforms, without }: Options): Promise<void> {
  const version = sharedVersion();
  const target = resolve(out);
  if (existsSync(target) && readdirSync(target).length > 0 && !existsSync(join(target, "SHA256SUMS")))
    throw new UsageError(`--out ${out}: holds something else than a release: give a folder that is empty or not there`);
  mkdirSync(dirname(target), { recursive: true });
  // What is there stays until all is built.
  const folder = mkdtempSync(`${target}.partial-`);
  chmodSync(folder, 0o755);
  try {
    const url = (baseUrl ?? `https://plimsoll.dev/releases/v${version}`).replace(/\/+$/, "");
    const built: Release = { version, folder, baseUrl: url, platforms, contents: new Map() };
    for (const name of stepNames) {
      if (without.includes(name)) continue;
      const started = performance.now();
      await steps[name](built);
      console.log(`✔ ${name} ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`Plimsoll ${version} is in ${out}; docs/releasing.md says how to publish it.`);
}
