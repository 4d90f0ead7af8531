import * as z from "zod";
import { configuredKind, namespacedCheck, type ConfiguredRules } from "../configured.ts";

const expression = z.string().min(1).max(1000).optional();

/** A kind that schedules may make, beside PipelineRun. */
const kind = configuredKind
  .extend({
    succeeded: expression.meta({
      description: "A CEL expression on `object`: whether it has succeeded. By default, its status has a condition Complete or Succeeded.",
    }),
    failed: expression.meta({ description: "The same for whether it has failed. By default, its status has a condition Failed." }),
  })
  .refine(...namespacedCheck);

export type ScheduledKind = z.output<typeof kind>;

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  kinds: z.array(kind).max(20).default([]).meta({
    description:
      "Kinds that schedules may make beside PipelineRun. For each, the controller gets the rights to list, watch, get, create and delete its objects.",
  }),
});

export type SchedulesConfig = z.output<typeof config>;

/** What is done with each of these kinds. */
export const configured: ConfiguredRules = {
  key: "kinds",
  rules: [
    { verbs: ["list", "watch"], reason: "features.schedules.kinds: to see which of a schedule's objects go on, and how they have ended" },
    { verbs: ["get", "create"], reason: "features.schedules.kinds: to make them, and to tell one from another of the same name" },
    { verbs: ["delete"], reason: "features.schedules.kinds: to end one that another replaces, and to delete those that aren't kept" },
  ],
};
