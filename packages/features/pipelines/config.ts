import { kindText } from "@plimsoll/api";
import * as z from "zod";
import { configuredKind, namespacedCheck, type ConfiguredRules } from "../configured.ts";

/** A kind that steps may make objects of. */
const kind = configuredKind
  .refine(...namespacedCheck)
  .refine((one) => kindText(one) !== "v1 Pod", "is v1 Pod: a step with an image makes pods");

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  podQPS: z.number().min(1).max(100_000).default(100).meta({
    description:
      "How many pods may be created a second over time, for all runs together. Kubernetes' scheduler places 50 a second by default.",
    live: true,
  }),
  podBurst: z
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .meta({ description: "How many pods may be created at once, after a pause.", live: true }),
  kinds: z
    .array(kind)
    .max(20)
    .superRefine((kinds, context) => {
      const texts = kinds.map(kindText);
      for (const [index, text] of texts.entries())
        if (texts.indexOf(text) < index)
          context.addIssue({ code: "custom", path: [index], message: `${text} stands there twice: name it once` });
    })
    .default([])
    .meta({
      description:
        "Namespaced kinds that steps may make by a manifest; for steps with spark, SparkApplication of sparkoperator.k8s.io/v1beta2. For each, the controller gets the rights to list, watch, get, create and delete its objects, and whoever writes a pipeline with one in it is held to create and delete.",
    }),
});

export type PipelinesConfig = z.output<typeof config>;

/** What is done with each of these kinds. */
export const configured: ConfiguredRules = {
  key: "kinds",
  rules: [
    { verbs: ["list", "watch"], reason: "features.pipelines.kinds: to see how what steps have made stands" },
    { verbs: ["get", "create"], reason: "features.pipelines.kinds: to make it, and to tell it from another's of the same name" },
    { verbs: ["delete"], reason: "features.pipelines.kinds: to end it, and to delete what isn't kept" },
  ],
};
