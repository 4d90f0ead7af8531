import { risks, severities, type Finding, type Severity } from "@plimsoll/permissions";
import type { SourcedRole } from "./role.ts";

/** What was found in one role, with where the role comes from. */
export interface RoleFindings {
  role: SourcedRole;
  findings: Finding[];
  /** On a live cluster: who holds the role, by which binding. */
  held?: { binding: string; namespace?: string; subjects: string[] };
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

/** The findings of roles in files: a Role cannot reach what stands outside its namespace. */
export function findingsOf(roles: readonly SourcedRole[]): RoleFindings[] {
  return roles.map((role) => ({ role, findings: risks(role.rules, role.kind === "Role" ? { namespace: role.namespace ?? "" } : {}) }));
}

const borrowed = "powerful-account/";

/** Many powerful accounts in reach are one line to a reader. */
export function summarised(findings: readonly Finding[]): Finding[] {
  const accounts = findings.filter(({ id }) => id.startsWith(borrowed));
  const [worst] = accounts;
  if (worst === undefined || accounts.length < 4) return [...findings];
  const names = accounts.map(({ id }) => id.slice(borrowed.length));
  const one = {
    ...worst,
    id: "powerful-accounts",
    title: `reaches ${names.length} powerful ServiceAccounts, as ${names.slice(0, 3).join(", ")}`,
    attack: `Uses one of them: ${names.join(", ")}.`,
  };
  return findings.flatMap((finding) => (finding === worst ? [one] : finding.id.startsWith(borrowed) ? [] : [finding]));
}
