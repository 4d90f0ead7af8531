import { defineFeature, type Feature } from "../feature.ts";
import { config } from "./config.ts";
import type { RecurrenceOf } from "./decide/window.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { ResizingController } from "./run/controller.ts";

/** Applies what right-sizing recommends; when windows open is read by another feature's cron expressions. */
export function resizingWith(recurrenceOf: RecurrenceOf): Feature {
  return defineFeature({
    permissions,
    proof,
    config,
    leader: "required",
    isOptIn: true,
    start: (runtime, config) => new ResizingController(runtime, config, recurrenceOf).run(),
  });
}
