import * as z from "zod";
import { time } from "./field.ts";

/** The schema of a condition as Kubernetes' own kinds have them; `types` says which types there are, and what they mean. */
export function conditionSchema(types: string) {
  return z.strictObject({
    type: z.string().describe(types),
    status: z.enum(["True", "False", "Unknown"]).describe("Whether it holds."),
    reason: z.string().describe("Why, in one word."),
    message: z.string().describe("Why, with the field that is wrong and the way out."),
    lastTransitionTime: time.describe("When the condition changed."),
    observedGeneration: z.int().optional().describe("The metadata.generation that it is about."),
  });
}

/** A condition of an object, as Kubernetes' own kinds have them. */
export type Condition = z.infer<ReturnType<typeof conditionSchema>>;
