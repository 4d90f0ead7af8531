import type { UseMeter } from "@plimsoll/model/sizing";
import { defineFeature, type Feature } from "../feature.ts";
import { config } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { RightSizingController } from "./run/controller.ts";
import { StepSampler } from "./run/step-sampler.ts";

/** Says what containers should ask for, by what they use. `meter`: is told what the pods of steps with resources.auto use. */
export function rightsizingWith(meter: UseMeter): Feature {
  return defineFeature({
    permissions,
    proof,
    config,
    leader: "required",
    isOptIn: true,
    start: async (runtime, config) => {
      const [controller, sampler] = [new RightSizingController(runtime, config), new StepSampler(runtime, meter)];
      await Promise.all([controller.run(), sampler.run()]);
    },
  });
}
