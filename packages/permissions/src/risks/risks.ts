import type { PolicyRule } from "../rule.ts";
import { heldWithin } from "../within-namespace.ts";
import { combinations } from "./combinations.ts";
import { severities, type Danger, type Risk, type Severity } from "./danger.ts";
import { dangersOf } from "./dangers-of.ts";
import type { Finding, PodKinds, Reach } from "./finding.ts";
import { dangers as known } from "./dangers/index.ts";
import { everything, forms, isEverything } from "./forms.ts";
import { nodesReached } from "./nodes-in-reach.ts";
import { sources } from "./sources.ts";

const none: PodKinds = [];

/** The dangerous grants among rules, worst first; combinations of rules count. */
export function risks(rules: readonly PolicyRule[], reach: Reach = {}): Finding[] {
  const dangers = dangersWith(reach);
  const found = new Map<string, Finding>();
  /** Those that some rule isn't held to names for. */
  const unnamed = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    if (isEverything(rule)) note(found, everything, index, everything.severity);
    else {
      const held = reach.namespace === undefined ? [rule] : heldWithin([rule], reach.scopes);
      for (const { of, ...risk } of forms) if (held.some(of)) note(found, risk, index, risk.severity);
      for (const [danger, helped] of dangersOf(rule, dangers, reach.namespace, reach.scopes)) {
        note(found, riskOf(danger), index, helped ? less(danger.severity) : danger.severity);
        if (!helped) unnamed.add(danger.id);
      }
    }
  }
  for (const { all, namesEnd, ...risk } of combinations) {
    const parts = all.map((ids) => ids.flatMap((id) => found.get(id) ?? []));
    if (parts.some((part) => part.length === 0)) continue;
    const helped = parts.some((part) => !part.some(({ id }) => unnamed.has(id)));
    if (helped && namesEnd) continue;
    const involved = new Set(parts.flat().flatMap((finding) => finding.rules));
    found.set(risk.id, { ...risk, severity: helped ? less(risk.severity) : risk.severity, rules: [...involved].sort((a, b) => a - b) });
  }
  for (const finding of [...nodesReached(found, reach), ...borrowed(rules, found, reach)]) found.set(finding.id, finding);
  return [...found.values()].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}

/** The known dangers, where writing objects of these kinds is one, too. */
function dangersWith({ podKinds = none, namespace }: Reach): readonly Danger[] {
  const within = namespace === undefined ? podKinds : podKinds.filter(({ namespaced }) => namespaced);
  if (within.length === 0) return known;
  const grants = within.map(({ group, resource }) => ({ verbs: ["create", "update", "patch"], group, resources: [resource] }));
  return known.map((danger) => (danger.id === "workloads-write" ? { ...danger, grants: [...danger.grants, ...grants] } : danger));
}

const waysToAccounts = [
  "pods-create",
  "workloads-write",
  "pods-update",
  "pods-exec",
  "pods-ephemeralcontainers",
  "token-create",
  "token-secret",
  "impersonate",
  "impersonate-constrained",
];

/** Ways that a rule's names hold to the ServiceAccounts of these names. */
const byName = new Set(["token-create", "impersonate"]);

function isNamed(rule: PolicyRule | undefined, account: string): boolean {
  const names = rule?.resourceNames ?? [];
  return names.length === 0 || names.includes(account.slice(account.indexOf("/") + 1));
}

/** What pods, tokens, exec or impersonation give on top: the rights of the ServiceAccounts in reach. Whoever holds everything in a namespace has them all. */
function borrowed(given: readonly PolicyRule[], found: ReadonlyMap<string, Finding>, reach: Reach): Finding[] {
  const all = [...(reach.namespace === undefined ? [] : ["everything"]), ...waysToAccounts].flatMap((id) => found.get(id) ?? []);
  if (all.length === 0) return [];
  return (reach.accounts ?? []).flatMap((account) => {
    const worst = worstOf(account.rules, reach.podKinds);
    const isPowerful = worst !== undefined && (worst.severity === "critical" || worst.severity === "high");
    if (!isPowerful && account.identity === undefined) return [];
    const ways = all.filter((way) => !byName.has(way.id) || way.rules.some((index) => isNamed(given[index], account.name)));
    if (ways.length === 0) return [];
    const rules = [...new Set(ways.flatMap((way) => way.rules))].sort((a, b) => a - b);
    const use = `Uses ${account.name} (${ways.map((way) => way.id).join(", ")}).`;
    const found: Finding[] = [];
    if (isPowerful)
      found.push({
        id: `powerful-account/${account.name}`,
        severity: worst.severity,
        title: `reaches ServiceAccount ${account.name}, which ${worst.title}`,
        attack: `${use} ${worst.attack}`,
        source: sources.workloads,
        narrow: "Move the powerful ServiceAccount to a namespace of its own.",
        rules,
      });
    if (account.identity !== undefined)
      found.push({
        id: `cloud-identity/${account.name}`,
        severity: "high",
        title: `reaches ServiceAccount ${account.name}, which is ${account.identity} in the cloud`,
        attack: `${use} In the cloud it may do whatever is granted there to ${account.identity}, which no role of the cluster shows.`,
        source: sources.workloads,
        narrow: "Move the ServiceAccount to a namespace of its own; hold the cloud's trust to that namespace and name.",
        rules,
      });
    return found;
  });
}

const worsts = new WeakMap<PodKinds, WeakMap<readonly PolicyRule[], Finding | undefined>>();

/** Remembered, for the same account is in reach of many. */
function worstOf(rules: readonly PolicyRule[], podKinds = none): Finding | undefined {
  const known = worsts.get(podKinds) ?? new WeakMap<readonly PolicyRule[], Finding | undefined>();
  worsts.set(podKinds, known);
  if (!known.has(rules)) known.set(rules, risks(rules, { podKinds })[0]);
  return known.get(rules);
}

function note(found: Map<string, Finding>, risk: Risk, rule: number, severity: Severity): void {
  const known = found.get(risk.id);
  if (known === undefined) {
    found.set(risk.id, { ...risk, severity, rules: [rule] });
    return;
  }
  known.rules.push(rule);
  if (severities.indexOf(severity) > severities.indexOf(known.severity)) known.severity = severity;
}

function less(severity: Severity): Severity {
  return severities[severities.indexOf(severity) - 1] ?? "low";
}

function riskOf({ id, severity, title, attack, source, narrow }: Danger): Risk {
  return { id, severity, title, attack, source, narrow };
}
