import { severities, type Finding, type Severity } from "@plimsoll/permissions/risks";
import type { Acceptance } from "../accepted/acceptance.ts";
import type { SourcedRole } from "../objects/role.ts";

/** What was found in one role, with where the role comes from. */
export interface RoleFindings {
  role: SourcedRole;
  findings: Finding[];
  /** Where a binding is known: who holds the role, by which binding. */
  held?: { binding: string; namespace?: string; subjects: string[] };
  /** Those of the findings that somebody accepts. */
  accepted?: ReadonlyMap<Finding, Acceptance>;
}

/** Those that nobody has accepted. */
export function openFindings({ findings, accepted }: RoleFindings): Finding[] {
  return findings.filter((finding) => accepted?.has(finding) !== true);
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

/** What begins the id of a finding that an account in reach gives. */
export const borrowed = "powerful-account/";

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
