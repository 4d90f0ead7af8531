import { defineFeature, type Feature } from "../feature.ts";
import { config, configured } from "./config.ts";
import type { Language } from "../expressions.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { SchedulesController } from "./run/controller.ts";

/** Starts runs at times, and backfills; its expressions are another feature's. */
export function schedulesWith(language: Language): Feature {
  return defineFeature({
    permissions,
    proof,
    config,
    configured,
    leader: "required",
    start: (runtime, config, further) => new SchedulesController(runtime, config, language, further).run(),
  });
}
