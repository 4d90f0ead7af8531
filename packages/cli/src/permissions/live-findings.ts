import { risks } from "@plimsoll/permissions";
import { formatSubject, identityOfAccount, subjectsFor, type Bound } from "./access.ts";
import { powerful, type Account, type RoleFindings } from "./findings.ts";
import { titleOf } from "./role.ts";

/**
 * What is found in the roles that somebody holds in a cluster, a role once for each binding. Bindings and roles that came with
 * Kubernetes are left out unless `all`; a default role that somebody bound is not. `accounts` are the ServiceAccounts, as `NAMESPACE/NAME`.
 */
export function liveFindings(bindings: readonly Bound[], accounts: readonly { namespace: string; name: string }[], { all = false } = {}): RoleFindings[] {
  const strong = powerful(accounts.map((account) => withRules(account, bindings)).filter(({ rules }) => rules.length > 0));
  return bindings.flatMap((bound) => {
    const { role, rules, subjects, namespace } = bound;
    if (rules === undefined || subjects.length === 0 || (bound.isDefault && !all)) return [];
    const others = strong.filter((account) => (namespace === undefined || account.namespace === namespace) && !isOneOf(account, bound));
    const findings = risks(rules, { ...(namespace === undefined ? {} : { namespace }), accounts: others });
    const binding = titleOf(bound.binding);
    const sourced = { ...role, rules, source: titleOf(role), lines: [], whole: {} };
    return [{ role: sourced, findings, held: { binding, ...(namespace === undefined ? {} : { namespace }), subjects: subjects.map(formatSubject) } }];
  });
}

/** All that an account holds by a binding of its own, wherever; what every ServiceAccount holds makes none stronger than others. */
function withRules({ namespace, name }: { namespace: string; name: string }, bindings: readonly Bound[]): Account {
  const { user = "" } = identityOfAccount(namespace, name);
  const own = bindings.filter(({ subjects }) => subjectsFor(subjects, { user, groups: [] }).length > 0);
  return { name: `${namespace}/${name}`, namespace, rules: own.flatMap(({ rules = [] }) => rules) };
}

function isOneOf({ name }: Account, { subjects }: Bound): boolean {
  return subjects.some((subject) => subject.kind === "ServiceAccount" && `${subject.namespace}/${subject.name}` === name);
}
