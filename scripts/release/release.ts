import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Platform } from "./platform.ts";

/** The checkout. */
export const root = dirname(dirname(import.meta.dirname));

/** The oldest Node that what is published runs under: undici asks for it. */
export const oldestNode = "22.19.0";

/** A release as it is being built. */
export interface Release {
  version: string;
  /** The folder that it is built into. */
  folder: string;
  /** The address of the folder that people will download its files from. */
  baseUrl: string;
  /** What executables are built for. */
  platforms: readonly Platform[];
  /** What is in the files that are shipped: of each npm package, archive and image, the folders of the npm packages that went into it. */
  contents: Map<string, readonly string[]>;
}

/** What this project reads of a package.json. */
export interface Manifest {
  name: string;
  version: string;
  description?: string;
  license?: string;
  repository?: { type: string; url: string };
  homepage?: string;
  sideEffects?: boolean;
  bin?: Record<string, string>;
  exports?: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** The package.json of a folder, from the checkout's root. */
export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}
