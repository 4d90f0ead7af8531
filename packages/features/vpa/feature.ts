import { defineFeature } from "../feature.ts";
import { config } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { VpaController } from "./run/controller.ts";

/** Has VerticalPodAutoscaler apply what RightSizingPolicies recommend. */
export const vpa = defineFeature({
  permissions,
  proof,
  config,
  leader: "required",
  isOptIn: true,
  start: (runtime) => new VpaController(runtime).run(),
});
