import * as z from "zod";
import { withRules } from "./schema/field.ts";
import type { Problem } from "./problems/problem.ts";
import { withProblems } from "./problems/with-problems.ts";

const word = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const keyPattern = new RegExp(`^(${word}(\\.${word})*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$`);
export const keyRule = "must be a label's key, as in app or example.com/team";

/** A label's key. */
export const labelKey = z.string().min(1).max(317).regex(keyPattern, keyRule);

export const valueRule =
  "must be a label's value: letters, digits, dashes, underscores and dots, that begins and ends with a letter or a digit";

const valuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelValue = z.string().max(63).regex(valuePattern, valueRule);

/** Whether a text is a label's key, as are the names of taints and resources (IsQualifiedName). */
export function isLabelKey(text: string): boolean {
  return keyPattern.test(text) && text.indexOf("/") <= 253;
}

export function isLabelValue(text: string): boolean {
  return valuePattern.test(text) && text.length <= 63;
}

function* keysOf(labels: Record<string, string>): Generator<Problem> {
  for (const key of Object.keys(labels)) if (!isLabelKey(key)) yield { path: [key], message: keyRule };
}

const requirement = withRules(
  z.strictObject({
    key: labelKey.describe("The label's key."),
    operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]).describe("How the label's value stands to the values."),
    values: z.array(labelValue).max(100).optional().describe("For In and NotIn: one of which it must be, or none of which it may be."),
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
    matchLabels: withProblems(z.record(z.string(), labelValue), keysOf).optional().describe("Labels with the values that they must have."),
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
