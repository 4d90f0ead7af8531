import { constants } from "node:fs";
import { access, chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "@plimsoll/kube";
import { ClusterError } from "../failure.ts";
import { cacheFolder, cacheMode } from "../folders.ts";
import { locked } from "../host/lock.ts";
import { step, type OnProgress } from "../command/progress.ts";
import { run } from "../host/run.ts";
import { build } from "./build.ts";
import { Downloads } from "./download.ts";
import { assetOf, officialOrigins, thisPlatform, type Origins, type Platform } from "./release.ts";
import { toolOf, versionOf, type Binary, type Tool } from "./tools.ts";

export interface ResolveOptions {
  onProgress: OnProgress;
  /** A folder whose binaries are taken as they are; by default $KUBEBUILDER_ASSETS. */
  assets?: string | undefined;
  cache?: string;
  origins?: Origins;
  platform?: Platform;
  downloads?: Downloads;
  build?: typeof build;
}

/**
 * The path of each binary: from the folder of assets, else the cache, else the official release, else a build from source.
 * @throws ClusterError with the reason of each step that failed.
 */
export async function resolveBinaries(binaries: readonly Binary[], options: ResolveOptions): Promise<Record<string, string>> {
  const { onProgress, cache = join(cacheFolder(), "bin"), assets = process.env["KUBEBUILDER_ASSETS"] } = options;
  const paths: Record<string, string> = {};
  const missing: Binary[] = [];
  for (const binary of binaries) {
    const path = (assets && (await executable(join(assets, binary)))) || (await executable(cached(cache, binary, options)));
    if (path) paths[binary] = path;
    else missing.push(binary);
  }
  if (missing.length === 0) return paths;

  const downloads = options.downloads ?? new Downloads();
  const waiting = () => onProgress({ type: "note", text: "another process is getting binaries; waiting for it" });
  try {
    await locked(join(cache, ".lock"), waiting, async () => {
      for (const binary of missing) paths[binary] = await install(binary, cached(cache, binary, options), downloads, options);
    });
  } finally {
    if (!options.downloads) await downloads.close();
  }
  return paths;
}

/** Where the cache holds the binary: a new version has a new place, so that a cluster keeps the one that it runs. */
function cached(cache: string, binary: Binary, { platform = thisPlatform }: ResolveOptions): string {
  const tool = toolOf(binary);
  return join(cache, `${tool.name}-${versionOf(tool)}-${platform.os}-${platform.arch}`, binary);
}

async function executable(path: string): Promise<string | undefined> {
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}

async function install(binary: Binary, path: string, downloads: Downloads, options: ResolveOptions): Promise<string> {
  // Another process may have put it there while this one waited, or a neighbour's archive held it.
  if (await executable(path)) return path;
  const { onProgress } = options;
  const tool = toolOf(binary);
  const name = `${binary} ${versionOf(tool)}`;
  await mkdir(dirname(path), { recursive: true, mode: cacheMode });
  const scratch = await mkdtemp(join(dirname(path), ".new-"));
  try {
    const refusal = await download(tool, binary, scratch, dirname(path), downloads, options);
    if (refusal === undefined) return path;
    onProgress({ type: "note", text: `${name}: no download (${refusal}); building it from source` });
    await step(onProgress, `building ${name} with Go (minutes the first time)`, () =>
      (options.build ?? build)(tool, binary, join(scratch, binary), options.platform),
    ).catch((error) => {
      throw new ClusterError(
        `cannot get ${name}. Not in KUBEBUILDER_ASSETS, not in the cache. Download: ${refusal}. Build: ${messageOf(error)}`,
        { cause: error },
      );
    });
    await place(join(scratch, binary), path);
    return path;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Puts all that the binary's release file holds into `folder`; else says why not. */
async function download(
  tool: Tool,
  binary: Binary,
  scratch: string,
  folder: string,
  downloads: Downloads,
  options: ResolveOptions,
): Promise<string | undefined> {
  const { onProgress, platform = thisPlatform, origins = officialOrigins } = options;
  const asset = assetOf(tool, versionOf(tool), binary, platform, origins);
  if (!asset) return "no release with a checksum is published";
  try {
    await step(onProgress, `downloading ${asset.url}`, async () => {
      const file = join(scratch, asset.members ? "archive" : binary);
      await downloads.fetch(asset, file);
      if (!asset.members) return place(file, join(folder, binary));
      await run("tar", ["-xzf", file, "-C", scratch, ...Object.values(asset.members)]);
      for (const [name, member] of Object.entries(asset.members)) await place(join(scratch, member), join(folder, name));
    });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Whole or not at all: a path in the cache never names half a file. */
async function place(from: string, to: string): Promise<void> {
  await chmod(from, 0o755);
  await rename(from, to);
}
