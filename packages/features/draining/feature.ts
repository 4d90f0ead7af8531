import { defineFeature } from "../feature.ts";
import { config } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { DrainingController } from "./run/controller.ts";

/** Moves pods off nodes that are to be drained. */
export const draining = defineFeature({
  permissions,
  proof,
  config,
  leader: "required",
  scope: "Cluster",
  isOptIn: true,
  start: (runtime, config) => new DrainingController(runtime, config).run(),
});
