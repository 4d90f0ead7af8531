import type { DeclaredRule } from "@plimsoll/kube";
import { atomKey, atoms, atomText, covers, ruleOf, type Atom } from "@plimsoll/permissions";
import {
  aiPipeline,
  oceanAutoUpdaterClusterRole,
  oceanAutoUpdaterRole,
  oceanController,
  oceanExtension,
  rulesOf,
  type ReferenceRole,
} from "@plimsoll/permissions/roles";
import type { Part } from "@plimsoll/features/part";
import { parts } from "../core/parts.ts";
import { bigDataRules } from "../installation/objects/big-data.ts";
import { aiPipelineFeatures, oceanFeatures } from "./counterparts.ts";
import { aiPipelineVerdicts, oceanVerdicts, type Verdict } from "./verdicts.ts";

/** A document's roles, with what Plimsoll says of each grant. */
export interface Reference {
  name: string;
  title: string;
  roles: readonly ReferenceRole[];
  verdicts: readonly Verdict[];
  /** Which of Plimsoll's features do what a section is for, the first one most; sections that none does are left out. */
  features: Readonly<Record<string, readonly string[]>>;
}

/** Whether Plimsoll has one grant of another's role, and by which feature or why not. */
export interface Comparison {
  role: string;
  section: string;
  /** The document prints it as a comment, for whoever needs it. */
  optional?: true;
  atom: Atom;
  verdict: "granted" | Verdict["verdict"];
  /** The feature that declares it, when granted. */
  feature?: string;
  /** The feature's reason, or the verdict's. */
  why: string;
}

/** Roles of other controllers that Plimsoll's own are compared with. */
export const references: readonly Reference[] = [
  {
    name: "ai-pipeline",
    title: "ClusterRole for AI Pipeline Automation and Job Scheduling",
    roles: [aiPipeline],
    verdicts: aiPipelineVerdicts,
    features: aiPipelineFeatures,
  },
  {
    name: "ocean",
    title: "Ocean Controller Version 2 Permissions",
    roles: [oceanController, oceanAutoUpdaterClusterRole, oceanAutoUpdaterRole, oceanExtension],
    verdicts: oceanVerdicts,
    features: oceanFeatures,
  },
];

/** Each grant of a document's roles, atom by atom, in the document's order. */
export function compare({ name, roles, verdicts, features }: Reference): Comparison[] {
  return roles.flatMap((role) =>
    role.sections.flatMap((section) =>
      atoms(section.rules).map((atom) => {
        const common = { role: titleOf(role), section: section.feature, ...(section.optional && { optional: section.optional }), atom };
        const found = verdicts.find((verdict) => isAbout(verdict, section.feature, atom));
        const granted = found?.always ? undefined : grantOf(atom, features[section.feature]);
        if (granted) return { ...common, verdict: "granted" as const, ...granted };
        if (found === undefined)
          throw new Error(`the comparison with ${name} says nothing of "${atomText(atom)}" in ${section.feature}: add a verdict`);
        return { ...common, verdict: found.verdict, why: found.why };
      }),
    ),
  );
}

/** What an installation grants by a value of its own, beside what is declared. */
const chosenGrants = (["controller", "view", "edit"] as const).map((who) => ({
  rules: bigDataRules[who],
  grant: {
    feature: "inventory",
    why: `where features.inventory.bigData is set: ${who === "controller" ? "to count them" : `to users who have Kubernetes' role ${who}`}`,
  },
}));

/** Of the features that have it, one of `first` before others. */
function grantOf(atom: Atom, first: readonly string[] = []): { feature: string; why: string } | undefined {
  const ordered = [...partsOf(first), ...parts];
  for (const { name, rules } of ordered) {
    const rule = rules.find((rule) => covers([rule], [ruleOf(atom)]).length === 0);
    if (rule) return { feature: name, why: rule.reason };
  }
  return chosenGrants.find(({ rules }) => covers(rules, [ruleOf(atom)]).length === 0)?.grant;
}

/** Whether a verdict was given on a section's atom. */
export function isAbout({ sections, grants: about }: Verdict, section: string, atom: Atom): boolean {
  return (sections?.includes(section) ?? true) && (about === undefined || covers([about], [ruleOf(atom)]).length === 0);
}

/** How many rules and grants a role has, and how many of these have which verdict; a grant that stands in several sections counts once. */
export interface Count {
  rules: number;
  /** Of the rules, those that the document prints as a comment. */
  optional: number;
  grants: number;
  verdicts: Record<Comparison["verdict"], number>;
}

/** The counts of each role of a document, by the role's kind and name. */
export function countsOf(reference: Reference): Map<string, Count> {
  const found = Map.groupBy(compare(reference), ({ role }) => role);
  return new Map(
    reference.roles.map((role) => {
      const title = titleOf(role);
      const byAtom = Map.groupBy(found.get(title) ?? [], ({ atom }) => atomKey(atom));
      const verdicts = { granted: 0, "not needed": 0 };
      for (const [one, ...others] of byAtom.values())
        if (one) verdicts[others.find(({ verdict }) => verdict === "granted")?.verdict ?? one.verdict] += 1;
      return [
        title,
        {
          rules: rulesOf(role, { optional: true }).length,
          optional: rulesOf(role, { optional: true }).length - rulesOf(role).length,
          grants: byAtom.size,
          verdicts,
        },
      ];
    }),
  );
}

/** What a section of a document grants, how much of that Plimsoll has, and what Plimsoll's features that do the same hold in all. */
export interface SectionCount {
  section: string;
  grants: number;
  verdicts: Record<Comparison["verdict"], number>;
  features: { name: string; grants: number }[];
}

/** The counts of each section of a document, also of one for which it has no rule, in the document's order. */
export function sectionCountsOf(reference: Reference): SectionCount[] {
  const found = Map.groupBy(compare(reference), ({ section }) => section);
  const sections = new Set(reference.roles.flatMap((role) => role.sections.map(({ feature }) => feature)));
  return [...sections].map((section) => {
    const atomsOf = found.get(section) ?? [];
    const granted = atomsOf.filter(({ verdict }) => verdict === "granted").length;
    return {
      section,
      grants: atomsOf.length,
      verdicts: { granted, "not needed": atomsOf.length - granted },
      features: partsOf(reference.features[section] ?? []).map(({ name, rules }) => ({ name, grants: atoms(rules).length })),
    };
  });
}

function partsOf(names: readonly string[]): Part[] {
  return names.map((name) => {
    const part = parts.find((part) => part.name === name);
    if (part === undefined) throw new Error(`no feature is called ${name}`);
    return part;
  });
}

/** All that is declared. */
export const declaredRules: readonly DeclaredRule[] = parts.flatMap(({ rules }) => rules);

function titleOf({ kind, name }: ReferenceRole): string {
  return `${kind} ${name}`;
}
