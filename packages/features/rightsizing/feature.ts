import { defineFeature } from "../feature.ts";
import { config } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { RightSizingController } from "./run/controller.ts";

/** Says what containers should ask for, by what they use. */
export const rightsizing = defineFeature({
  permissions,
  proof,
  config,
  leader: "required",
  isOptIn: true,
  start: (runtime, config) => new RightSizingController(runtime, config).run(),
});
