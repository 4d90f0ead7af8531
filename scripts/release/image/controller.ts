import { nodeFlags } from "@plimsoll/controller";
import packageJson from "../../../packages/controller/package.json" with { type: "json" };
import type { ProgramImage } from "./image-of.ts";

const program = "plimsoll-controller";

/** The image of the controller. */
export const controller: ProgramImage = {
  name: "registry.plimsoll.dev/controller",
  version: packageJson.version,
  description: "Runs Plimsoll's features in a Kubernetes cluster",
  entries: { [program]: "packages/controller/src/main.ts" },
  entrypoint: ["/usr/bin/node", ...nodeFlags, `/app/${program}.mjs`],
  ports: [8080],
};
