import { parseValue } from "@plimsoll/features/pipelines/lint";
import { messageOf } from "@plimsoll/kube/message";
import type { PolicyRule } from "@plimsoll/permissions";
import { isKnownRisk, severities, type Finding } from "@plimsoll/permissions/risks";
import * as z from "zod";
import { UsageError } from "../../failure.ts";
import type { RoleFindings } from "./findings.ts";
import { readList } from "../accepted/list-file.ts";
import type { SourcedRole } from "../objects/role.ts";

const own = z.array(
  z.strictObject({
    id: z.string().min(1),
    severity: z.enum(severities),
    title: z.string().min(1),
    attack: z.string().default(""),
    narrow: z.string().default(""),
    source: z.url().default("https://kubernetes.io/docs/concepts/security/rbac-good-practices/"),
    when: z.string().min(1),
  }),
);

/** A risk of somebody's own, and whether a rule bears it. */
export interface OwnRisk extends Omit<Finding, "rules"> {
  bears: (rule: PolicyRule, role: SourcedRole) => boolean;
}

/**
 * Reads risks of one's own: a YAML list of `id`, `severity`, `title`, `when`, and if wanted `attack`, `narrow` and `source`. `when` is a CEL expression that is true of a
 * `rule` (verbs, apiGroups, resources, resourceNames, nonResourceURLs: lists of text) in a `role` (kind, name, namespace: text). Throws a UsageError.
 */
export async function readOwnRisks(file: string): Promise<OwnRisk[]> {
  const read = await readList(file, own, "a file of own risks");
  if (read === undefined) throw new UsageError(`${file}: is empty: give a list of risks, each with id, severity, title and when`);
  const { list, lineOf } = read;
  for (const [index, { id }] of list.entries()) {
    const at = `${file}:${lineOf([index, "id"])}: [${index}].id: ${id}`;
    if (isKnownRisk(id))
      throw new UsageError(`${at}: is a known risk's: give another, or acceptances of the one would be those of the other`);
    if (list.findIndex((one) => one.id === id) < index) throw new UsageError(`${at}: is there twice`);
  }
  return list.map(({ when, ...risk }, index) => {
    const at = `${file}:${lineOf([index, "when"])}: [${index}].when`;
    return { ...risk, bears: compiled(when, at) };
  });
}

function compiled(when: string, at: string): OwnRisk["bears"] {
  let value: ReturnType<typeof parseValue>;
  try {
    value = parseValue(`\${{ ${when} }}`);
  } catch (error) {
    throw new UsageError(`${at}: is no CEL expression: ${messageOf(error)}`);
  }
  const unknown = [...(value?.variables ?? [])].find((name) => name !== "rule" && name !== "role");
  if (unknown !== undefined) throw new UsageError(`${at}: there is no "${unknown}": rule and role have no more than --help tells`);
  return (rule, role) => {
    let result: unknown;
    try {
      result = value?.evaluate(variablesOf(rule, role));
    } catch (error) {
      throw new UsageError(`${at}: ${messageOf(error)}: rule and role have no more than --help tells`);
    }
    if (typeof result !== "boolean") throw new UsageError(`${at}: gives no true or false`);
    return result;
  };
}

function variablesOf(
  { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule,
  { kind, name = "", namespace = "" }: SourcedRole,
): Record<string, unknown> {
  return { rule: { verbs, apiGroups, resources, resourceNames, nonResourceURLs }, role: { kind: kind ?? "", name, namespace } };
}

/** What was found, with what the risks of one's own find. */
export function withOwn(found: readonly RoleFindings[], risks: readonly OwnRisk[]): RoleFindings[] {
  return found.map((one) => {
    const more = risks.flatMap(({ bears, ...risk }): Finding[] => {
      const rules = one.role.rules.flatMap((rule, index) => (bears(rule, one.role) ? [index] : []));
      return rules.length === 0 ? [] : [{ ...risk, rules }];
    });
    return { ...one, findings: [...one.findings, ...more] };
  });
}
