import * as z from "zod";
import { crd, time, type metadata } from "../schema/field.ts";
import { firstOfProblems, type Problem } from "../problems/problem.ts";

/** The schema of a condition as Kubernetes' own kinds have them; `types` says which types there are, and what they mean. */
function conditionSchema(types: string) {
  return z.strictObject({
    type: z.string().describe(types),
    status: z.enum(["True", "False", "Unknown"]).describe("Whether it holds."),
    reason: z.string().describe("Why, in one word."),
    message: z.string().describe("Why, with the field that is wrong and the way out."),
    lastTransitionTime: time.describe("When the condition changed."),
    observedGeneration: z.int().optional().describe("The metadata.generation that it is about."),
  });
}

/** The schema of a status's conditions; `of` is what they are about, as in "the run". */
export function conditionsSchema(of: string, types: string) {
  return z
    .array(conditionSchema(types))
    .optional()
    .describe(`What is known of ${of} as a whole.`)
    .meta(crd({ listMapKey: "type" }));
}

/** A condition of an object, as Kubernetes' own kinds have them. */
export type Condition = z.infer<ReturnType<typeof conditionSchema>>;

/** A condition of an object, as of now. */
export function conditionOf(
  { metadata: { generation = 0 } }: { metadata: z.input<typeof metadata> },
  now: number,
  content: Pick<Condition, "type" | "status" | "reason" | "message">,
): Condition {
  return { ...content, lastTransitionTime: new Date(now).toISOString(), observedGeneration: generation };
}

/** What a status says under a type of condition. */
export function findCondition(status: { conditions?: readonly Condition[] | undefined } | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** The condition that tells whether an object can be carried out as it is written; `well`: what it says where nothing is wrong. */
export function validity(
  object: { metadata: z.input<typeof metadata> },
  now: number,
  problems: readonly Problem[],
  well: string,
): Condition {
  return conditionOf(object, now, {
    type: "Valid",
    ...(problems.length === 0
      ? { status: "True", reason: "Checked", message: well }
      : { status: "False", reason: "Invalid", message: firstOfProblems(problems) }),
  });
}

/** Conditions with one set, which keeps the time of its last transition while its status stays; the same list where nothing changes. */
export function withCondition(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  const before = conditions.find(({ type }) => type === next.type);
  if (before === undefined) return [...conditions, next];
  const { lastTransitionTime } = before.status === next.status ? before : next;
  const after = { ...next, lastTransitionTime };
  const isSame = after.status === before.status && after.reason === before.reason && after.message === before.message;
  return isSame ? conditions : conditions.map((condition) => (condition === before ? after : condition));
}

/** Where a column of `kubectl get` finds how a condition stands. */
export function conditionPath(type: string): string {
  return `.status.conditions[?(@.type=="${type}")].status`;
}
