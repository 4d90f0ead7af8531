import { matches } from "@plimsoll/model/selector";
import * as z from "zod";
import { titleOf, type SourcedRole } from "./role.ts";

// Few roles gather others: the schemas are made for those.
const selector = z.lazy(() =>
  z.looseObject({
    matchLabels: z.record(z.string(), z.string()).optional(),
    matchExpressions: z.array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() })).optional(),
  }),
);
const gathering = z.lazy(() => z.looseObject({ aggregationRule: z.looseObject({ clusterRoleSelectors: z.array(selector).min(1) }) }));
const labelled = z.lazy(() => z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }) }));

/** Whether a ClusterRole takes its rules from others (k8s.io/kubernetes pkg/registry/rbac/clusterrole/policybased, hasAggregationRule). */
export function gathersOthers({ kind, whole }: Pick<SourcedRole, "kind" | "whole">): boolean {
  return kind === "ClusterRole" && "aggregationRule" in whole && gathering.safeParse(whole).success;
}

/**
 * The roles with the rules that they grant: one that gathers others has theirs, of those in `from`, and none of its own, which the controller overwrites
 * (k8s.io/kubernetes pkg/controller/clusterroleaggregation). A rule that several give is there once.
 */
export function aggregated(roles: readonly SourcedRole[], from: readonly SourcedRole[] = roles): SourcedRole[] {
  return roles.map((role) => (gathersOthers(role) ? gathered(role, from) : role));
}

/** What becomes of rules that stand in such a role. */
export function ownRulesAreLost(role: SourcedRole): string {
  return `${titleOf(role)} has an aggregationRule: its own rules count for nothing, and are overwritten by those that it gathers`;
}

/** Kubernetes' own roles that gather others by a label that has this name in it, and what they gather of each other. */
const gatherers: Readonly<Record<string, readonly string[]>> = { view: ["view"], edit: ["edit", "view"], admin: ["admin", "edit", "view"] };

/** One of Kubernetes' own roles with what those of a file add to it by their labels, as in `rbac.authorization.k8s.io/aggregate-to-view`. */
export function withAdded(own: SourcedRole, roles: readonly SourcedRole[]): SourcedRole {
  const labels = (gatherers[own.name ?? ""] ?? []).map((name) => ({ [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true" }));
  const added = roles.filter((role) => role.kind === "ClusterRole" && labels.some((matchLabels) => isSelected(role, { matchLabels })));
  if (added.length === 0) return own;
  return {
    ...own,
    rules: [own, ...added].flatMap(({ rules }) => rules),
    lines: [own, ...added].flatMap(({ lines }) => lines),
    sources: [own, ...added].flatMap(({ rules, source }) => rules.map(() => source)),
  };
}

function gathered(role: SourcedRole, roles: readonly SourcedRole[]): SourcedRole {
  const found = new Map<string, { rule: SourcedRole["rules"][number]; line: number; source: string }>();
  for (const one of givers(role, roles, new Set())) {
    for (const [index, rule] of one.rules.entries())
      found.set(JSON.stringify(rule), { rule, line: one.lines[index] ?? 1, source: one.source });
  }
  const all = [...found.values()];
  return { ...role, rules: all.map(({ rule }) => rule), lines: all.map(({ line }) => line), sources: all.map(({ source }) => source) };
}

/** The roles that a role gathers which gather none themselves. */
function givers(role: SourcedRole, roles: readonly SourcedRole[], seen: Set<SourcedRole>): SourcedRole[] {
  seen.add(role);
  const { data } = gathering.safeParse(role.whole);
  const selectors = data?.aggregationRule.clusterRoleSelectors ?? [];
  return roles
    .filter((one) => one.kind === "ClusterRole" && !seen.has(one) && selectors.some((selector) => isSelected(one, selector)))
    .flatMap((one) => (gathersOthers(one) ? givers(one, roles, seen) : [one]));
}

function isSelected({ whole }: SourcedRole, { matchLabels, matchExpressions }: z.infer<typeof selector>): boolean {
  const labels = labelled.safeParse(whole).data?.metadata.labels ?? {};
  const expressions = matchExpressions?.map(({ key, operator, values }) => ({ key, operator, ...(values && { values }) }));
  return matches({ ...(matchLabels && { matchLabels }), ...(expressions && { matchExpressions: expressions }) }, labels);
}
