import { helmProgram } from "@plimsoll/cluster";
import packageJson from "../../../packages/updater/package.json" with { type: "json" };
import type { ProgramImage } from "./image-of.ts";

const program = "plimsoll-updater";

/** The image of the updater: what the controller's is, and Helm. */
export const updater: ProgramImage = {
  name: "registry.plimsoll.dev/updater",
  version: packageJson.version,
  description: "Installs new releases of Plimsoll by Helm",
  entries: { [program]: "packages/updater/src/main.ts" },
  entrypoint: ["/usr/bin/node", `/app/${program}.mjs`],
  extraFiles: async (arch) => ({ "/usr/local/bin/helm": await helmProgram(4, { platform: { os: "linux", arch } }) }),
};
