import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { ClusterError } from "./failure.ts";
import { cacheFolder } from "./folders.ts";
import { programs, versions, type ProgramName } from "./versions.ts";

/** Where a binary lies in the cache; a new version has a new folder. */
export function cached(program: ProgramName): string {
  const { tool } = programs[program];
  return join(cacheFolder(), "bin", `${tool}-${versions[tool]}`, program);
}

export async function resolveBinary(program: ProgramName): Promise<string> {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  for (const path of [...(assets ? [join(assets, program)] : []), cached(program)]) if (executable(path)) return path;
  throw new ClusterError(`${program} is not there`);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
