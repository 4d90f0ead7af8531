// Builds what is released into a folder: `npm run release -- --help`.
import { messageOf } from "@plimsoll/kube/message";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { checksums } from "./checksums.ts";
import { executables } from "./executables.ts";
import { krewManifest } from "./krew.ts";
import { npmPackages } from "./npm-packages.ts";
import { parseOptions, UsageError, usage } from "./options.ts";
import type { Release } from "./release.ts";
import { sbom } from "./sbom.ts";
import { sharedVersion } from "./version.ts";

/** In this order: a later one takes what an earlier one made. */
const steps: [name: string, step: (release: Release) => Promise<void>][] = [
  ["npm packages", npmPackages],
  ["executables", executables],
  ["krew manifest", krewManifest],
  ["SBOM", sbom],
  ["checksums", checksums],
];

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(usage);
  else await release(options);
} catch (error) {
  console.error(`error: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function release({ out, baseUrl, platforms }: Exclude<ReturnType<typeof parseOptions>, "help">): Promise<void> {
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
    for (const [name, step] of steps) {
      const started = performance.now();
      await step(built);
      console.log(`✔ ${name} ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`Plimsoll ${version} is in ${out}; docs/releasing.md says how to publish it.`);
}
