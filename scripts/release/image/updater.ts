import { helmProgram } from "@plimsoll/cluster";
import packageJson from "../../../packages/updater/package.json" with { type: "json" };
import type { ProgramImage } from "./image-of.ts";
import { thisArchitecture } from "./platform.ts";

const program = "plimsoll-updater";

/** The image of the updater: what the controller's is, and Helm. */
export const updater: ProgramImage = {
  name: "registry.plimsoll.dev/updater",
  version: packageJson.version,
  description: "Installs new releases of Plimsoll by Helm",
  entries: { [program]: "packages/updater/src/main.ts" },
  entrypoint: ["/usr/bin/node", `/app/${program}.mjs`],
  async extraFiles(architecture) {
    if (architecture !== thisArchitecture)
      throw new Error(
        `Helm is got for this machine's architecture alone, ${thisArchitecture}: build the updater's image for ${architecture} on such a machine`,
      );
    return { "/usr/local/bin/helm": await helmProgram(4) };
  },
};
