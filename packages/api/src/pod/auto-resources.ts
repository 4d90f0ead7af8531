import * as z from "zod";
import { quantity } from "../schema/field.ts";
import { withProblems } from "../problems/with-problems.ts";
import { resources } from "./resources.ts";

const auto = z
  .strictObject({
    min: z
      .strictObject({
        cpu: quantity.optional().describe("Default: 10m, or max where that is less."),
        memory: quantity.optional().describe("Default: 32Mi, or max where that is less."),
      })
      .optional()
      .describe("No pod asks for less."),
    max: z
      .strictObject({
        cpu: quantity.optional().describe("The most CPU, asked for until use was measured. Without it, CPU is as requests say."),
        memory: quantity.describe("The most memory, which the first pod gets."),
      })
      .describe("No pod asks for more."),
    key: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        "CEL: how much work a try is, as in item.rows. A number is a size, with which memory may grow; a text a class, whose tries count apart.",
      ),
  })
  .describe(
    "Memory (request and limit) and CPU (request) by what earlier pods of the step used, of the run and of earlier ones of its Pipeline. One killed for want of memory gets more at once, which doesn't count against retry.limit, up to max.",
  );

/** What a step's pods ask for and may use. */
export const stepResources = withProblems(resources.extend({ auto: auto.optional() }), function* ({ auto, requests }) {
  if (auto?.max.cpu !== undefined && requests?.["cpu"] !== undefined)
    yield { path: ["requests", "cpu"], message: "stands beside auto.max.cpu: give one of them" };
  if (auto?.min?.cpu !== undefined && auto.max.cpu === undefined)
    yield { path: ["auto", "min", "cpu"], message: "goes with max.cpu: give that, too" };
}).describe("CPU, memory, devices and other resources of each pod.");

/** Between what a step's pods ask for, where that goes by earlier ones. */
export type AutoResources = z.infer<typeof auto>;
