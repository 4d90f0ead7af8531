import type { Language } from "../expressions.ts";
import { defineFeature, type Feature } from "../feature.ts";
import { config, configured } from "./config.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { WorkloadsController } from "./run/controller.ts";

/** Keeps what sets list; its expressions are another feature's. */
export function workloadsWith(language: Language): Feature {
  return defineFeature({
    permissions,
    proof,
    config,
    configured,
    leader: "required",
    isOptIn: true,
    isHeldToNamespaces: true,
    start: (runtime, config, further) => new WorkloadsController(runtime, config, language, further).run(),
  });
}
