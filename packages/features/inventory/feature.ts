import { defineFeature } from "../feature.ts";
import { config } from "./config.ts";
import { InventoryController } from "./controller.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };

/** Says what there is in the cluster, what is asked for and what is used. Of several processes one says it, or sums would count twice. */
export const inventory = defineFeature({
  permissions,
  proof,
  config,
  leader: "required",
  scope: "Cluster",
  isOptIn: true,
  isSilent: true,
  start: (runtime, config) => new InventoryController(runtime, config).run(),
});
