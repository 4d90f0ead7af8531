import * as z from "zod";
import { crd } from "../schema/field.ts";
import { apiVersion } from "../schema/kind.ts";

const texts = z.record(z.string(), z.string());

/** An object that is made again and again. */
export const template = z.strictObject({
  apiVersion: z.string().min(1).max(200).optional().describe(`The object's apiVersion. Default: ${apiVersion}.`),
  kind: z
    .string()
    .min(1)
    .max(63)
    .optional()
    .describe("The object's kind. Default: PipelineRun. Others must be among features.schedules.kinds of the controller's configuration."),
  metadata: z
    .strictObject({
      labels: texts.optional().describe("The object's labels."),
      annotations: texts.optional().describe("The object's annotations."),
    })
    .optional()
    .describe("What the object's metadata has, beside its name."),
  spec: z
    .record(z.string(), z.unknown())
    .describe("The object's spec. Of a PipelineRun, params alone hold the schedule's expressions; what is in its pipeline is the run's.")
    .meta(crd({ preserve: true, atomic: true })),
});

/** An object that is made again and again, as a user writes it. */
export type Template = z.infer<typeof template>;
