import { defineFeature, type Feature } from "../feature.ts";
import { config } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { countApplications } from "./run/count.ts";
import { SparkController } from "./run/controller.ts";
import type { Scheduling, Timing } from "./schedule/scheduling.ts";

/** Runs Spark applications without the Spark operator; how its schedules are carried out is another feature's. */
export function sparkWith<T extends Timing>(scheduling: Scheduling<T>): Feature {
  return defineFeature({
    permissions,
    proof,
    config,
    leader: "required",
    isOptIn: true,
    isSilent: { mode: "operator" },
    start: (runtime, config) =>
      config.mode === "operator"
        ? countApplications(runtime)
        : new SparkController(runtime, config, scheduling as unknown as Scheduling).run(),
  });
}
