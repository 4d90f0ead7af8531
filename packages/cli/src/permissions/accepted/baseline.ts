import * as z from "zod";
import type { Acceptance } from "./acceptance.ts";
import { isDay } from "./day.ts";
import type { RoleFindings } from "../risks/findings.ts";
import { readList } from "./list-file.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";
import { formatRule } from "../text.ts";

const entry = z.strictObject({
  id: z.string(),
  role: z.string().optional(),
  rule: z.string().optional(),
  subjects: z.array(z.string()).optional(),
  reason: z.string().min(1, "is empty: say why the finding is lived with"),
  until: z.string().refine(isDay, "is no day: write it as 2026-12-31").optional(),
});
const baseline = z.array(entry);

/**
 * Reads a baseline: a YAML list of accepted findings, each with the finding's `id`, a `reason`, and, to hold it to less than all, the `role` as
 * `risks` names it, the `rule` as `who-can -o wide` writes it, the `subjects` that may hold it, as `risks` names them, and the last day that it
 * counts `until`. Throws a UsageError that names the mistake.
 */
export async function readBaseline(file: string): Promise<Acceptance[]> {
  const read = await readList(file, baseline, "a baseline");
  if (read === undefined) return [];
  const { list, lineOf } = read;
  return list.map(({ id, role, rule, subjects, reason, until }, index) => ({
    id,
    reason,
    ...(until !== undefined && { until }),
    source: file,
    line: lineOf([index]),
    kind: "external",
    covers: (of, at, holders) =>
      (role === undefined || role === titleOf(of)) &&
      (rule === undefined || rule === textOf(of, at)) &&
      (subjects === undefined || holders.every((holder) => subjects.includes(holder))),
  }));
}

/** The baseline that accepts every finding that isn't accepted yet, for those who hold its role now. */
export function baselineOf(found: readonly RoleFindings[], reason: string): object[] {
  const entries = found.flatMap(({ role, findings, held, accepted }) =>
    findings
      .filter((finding) => accepted?.has(finding) !== true)
      .flatMap(({ id, rules }) =>
        rules.map((rule) => ({ id, role: titleOf(role), rule: textOf(role, rule), ...(held && { subjects: held.subjects }), reason })),
      ),
  );
  return [...new Map(entries.map((one) => [JSON.stringify(one), one])).values()];
}

function textOf({ rules }: SourcedRole, index: number): string | undefined {
  const rule = rules[index];
  return rule && formatRule(rule);
}
