import { openCloud } from "@plimsoll/cloud";
import { nodeView } from "@plimsoll/model";
import { defineFeature } from "../feature.ts";
import { config } from "./config.ts";
import { CleanupController } from "./controller.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };

/** Deletes nodes whose machines are gone. */
export const cleanup = defineFeature({
  permissions,
  proof,
  config,
  leader: "required",
  scope: "Cluster",
  isOptIn: true,
  start: async (runtime, config) => {
    if (config.cloud === null) throw new Error("features.cleanup.cloud is missing: say where the nodes' machines are");
    // Every view has to be asked for before anything is waited for.
    const nodes = runtime.view("nodes", nodeView);
    await new CleanupController({ runtime, nodes, cloud: await openCloud(config.cloud), config }).run();
  },
});
