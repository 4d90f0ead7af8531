import { defineFeature } from "../feature.ts";
import { config, configured } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { PipelinesController } from "./run/controller.ts";

/** Runs pipelines: a pod, or an object of another kind, for each try of a step's item. */
export const pipelines = defineFeature({
  permissions,
  proof,
  config,
  configured,
  leader: "required",
  start: (runtime, config, further) => new PipelinesController(runtime, config, further).run(),
});
