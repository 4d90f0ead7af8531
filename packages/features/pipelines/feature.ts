import type { UseMeter } from "@plimsoll/model/sizing";
import { defineFeature, type Feature } from "../feature.ts";
import { config, configured } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { PipelinesController } from "./run/controller.ts";

/**
 * Runs pipelines: a pod, or an object of another kind, for each try of a step's item. `meter`: what pods use, by which steps with resources.auto
 * go, by whoever measures it.
 */
export function pipelinesWith(meter: Pick<UseMeter, "of">): Feature {
  return defineFeature({
    permissions,
    proof,
    config,
    configured,
    leader: "required",
    start: (runtime, config, further) => new PipelinesController(runtime, config, further, (uid) => meter.of(uid)).run(),
  });
}
