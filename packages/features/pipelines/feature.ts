import { defineFeature } from "../feature.ts";
import { config } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { PipelinesController } from "./run/controller.ts";

/** Runs pipelines: a pod for each try of a step's item. */
export const pipelines = defineFeature({
  permissions,
  proof,
  config,
  leader: "required",
  start: (runtime, config) => new PipelinesController(runtime, config).run(),
});
