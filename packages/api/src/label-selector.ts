import * as z from "zod";
import { withRules } from "./field.ts";

const requirement = withRules(
  z.strictObject({
    key: z.string().min(1).max(317).describe("The label's key."),
    operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]).describe("How the label's value stands to the values."),
    values: z
      .array(z.string().max(63))
      .max(100)
      .optional()
      .describe("For In and NotIn: one of which it must be, or none of which it may be."),
  }),
  [
    {
      cel: "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
      check: ({ operator, values = [] }) => ["In", "NotIn"].includes(operator) === values.length > 0,
      message: "In and NotIn need values, Exists and DoesNotExist take none",
    },
  ],
);

/** A label selector as Kubernetes has it, but for one that chooses everything. */
export const labelSelector = withRules(
  z.strictObject({
    matchLabels: z.record(z.string(), z.string()).optional().describe("Labels with the values that they must have."),
    matchExpressions: z.array(requirement).max(100).optional().describe("What must hold of labels, all of it."),
  }),
  [
    {
      cel: "(has(self.matchLabels) && size(self.matchLabels) > 0) || (has(self.matchExpressions) && size(self.matchExpressions) > 0)",
      check: ({ matchLabels = {}, matchExpressions = [] }) => Object.keys(matchLabels).length + matchExpressions.length > 0,
      message: "an empty selector would choose everything: give matchLabels or matchExpressions",
    },
  ],
);
