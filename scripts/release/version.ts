import { globSync } from "node:fs";
import { dirname } from "node:path";
import { manifestOf, root } from "./release.ts";

/** The version of all packages, which the root's is. Throws an Error that names those that have another. */
export function sharedVersion(): string {
  const { version } = manifestOf(".");
  const others = globSync("packages/*/package.json", { cwd: root })
    .map((file) => manifestOf(dirname(file)))
    .filter((manifest) => manifest.version !== version);
  if (others.length > 0)
    throw new Error(
      `all packages have one version, but ${others.map((one) => `${one.name} has ${one.version}`).join(", ")} where package.json has ${version}; set it with npm version`,
    );
  return version;
}
