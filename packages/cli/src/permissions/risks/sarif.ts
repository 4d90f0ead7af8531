import type { Finding, Severity } from "@plimsoll/permissions/risks";
import { locationIn, sarifLog } from "../../lint/sarif.ts";
import type { Acceptance } from "../accepted/acceptance.ts";
import { isAtLeast, type RoleFindings } from "./findings.ts";
import { rendered } from "../sources/rendered.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";

type Level = "error" | "warning" | "note";

const levels: Record<Severity, Level> = { critical: "error", high: "error", medium: "warning", low: "note" };
/** GitHub reads them as critical over 9, high from 7, medium from 4. */
const scores: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/**
 * Findings in files as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), with what GitHub's code scanning reads of it
 * (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
 * `folder`: what paths are made relative to, the root of the checkout.
 */
export function sarifOf(found: readonly RoleFindings[], { version, folder }: { version: string; folder: string }): object {
  const worst = new Map<string, Finding>();
  for (const finding of found.flatMap(({ findings }) => findings)) {
    const known = worst.get(finding.id);
    if (known === undefined || !isAtLeast(known.severity, finding.severity)) worst.set(finding.id, finding);
  }
  const ids = [...worst.keys()];
  return sarifLog(
    { name: "plimsoll", semanticVersion: version, rules: [...worst.values()].map(ruleOf) },
    found.flatMap(({ role, findings, accepted }) =>
      findings.map((finding) => ({
        ...resultOf(role, finding, ids.indexOf(finding.id), folder),
        ...suppressionsOf(accepted?.get(finding)),
      })),
    ),
  );
}

function ruleOf({ id, severity, title, attack, narrow, source }: Finding): object {
  return {
    id,
    name: id,
    shortDescription: { text: `The role ${title}.` },
    fullDescription: { text: attack },
    help: { text: `${attack}\n\n${narrow}\n\n${source}`, markdown: `${attack}\n\n**Instead:** ${narrow}\n\n[Source](${source})` },
    helpUri: source,
    defaultConfiguration: { level: levels[severity] },
    properties: { "security-severity": scores[severity], tags: ["security", "kubernetes", "rbac"] },
  };
}

function resultOf(role: SourcedRole, { id, severity, title, attack, narrow, rules }: Finding, ruleIndex: number, folder: string): object {
  const [first = 0, ...others] = rules;
  return {
    ruleId: id,
    ruleIndex,
    level: levels[severity],
    message: { text: `${titleOf(role)} ${title}. ${attack} ${narrow}` },
    locations: [locationOf(role, first, folder)],
    ...(others.length > 0 && {
      relatedLocations: others.map((rule, id) => ({ id, message: { text: "also by this rule" }, ...locationOf(role, rule, folder) })),
    }),
  };
}

/** Code scanning closes a result that is suppressed, with the reason. */
function suppressionsOf(acceptance: Acceptance | undefined): object {
  if (acceptance === undefined) return {};
  const { kind, reason } = acceptance;
  return { suppressions: [{ kind, status: "accepted", justification: reason }] };
}

function locationOf(role: SourcedRole, rule: number, folder: string): object {
  const source = role.sources?.[rule] ?? role.source;
  // A line of what a chart renders to is none of its files'.
  const line = source.endsWith(rendered) ? undefined : role.lines[rule];
  return {
    physicalLocation: locationIn(source.replace(rendered, ""), line, folder),
    logicalLocations: [{ name: role.name ?? role.source, fullyQualifiedName: titleOf(role), kind: "object" }],
  };
}
