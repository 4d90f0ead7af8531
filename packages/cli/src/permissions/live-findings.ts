import { risks, type PolicyRule } from "@plimsoll/permissions";
import type { ClusterOptions } from "../cluster-options.ts";
import { bindingsOf, formatSubject, identityOfAccount, userOf, type Bound } from "./access.ts";
import type { RoleFindings } from "./findings.ts";
import { readAccounts, readRbac, withRbac } from "./live.ts";
import { titleOf } from "./role.ts";

/** What is found in the roles of the cluster, or of the namespace, that the options name. */
export async function findInCluster({ all = false, ...options }: ClusterOptions & { all?: boolean }): Promise<RoleFindings[]> {
  return withRbac(options, async (client) => {
    const [rbac, accounts] = await Promise.all([readRbac(client), readAccounts(client)]);
    const found = liveFindings(bindingsOf(rbac), accounts, { all });
    return found.filter(({ held }) => options.namespace === undefined || held?.namespace === options.namespace);
  });
}

/**
 * What is found in the roles that somebody holds in a cluster, a role once for each binding. Bindings and roles that came with
 * Kubernetes are left out unless `all`; a default role that somebody bound is not. `accounts` are the ServiceAccounts, as `NAMESPACE/NAME`.
 */
export function liveFindings(
  bindings: readonly Bound[],
  accounts: readonly { namespace: string; name: string }[],
  { all = false } = {},
): RoleFindings[] {
  const held = rulesByUser(bindings);
  const holders = accounts.flatMap(({ namespace, name }) => {
    const rules = held.get(identityOfAccount(namespace, name).user);
    return rules === undefined ? [] : [{ name: `${namespace}/${name}`, namespace, rules }];
  });
  return bindings.flatMap((bound) => {
    const { role, rules, subjects, namespace } = bound;
    if (rules === undefined || subjects.length === 0 || (bound.isDefault && !all)) return [];
    const others = holders.filter((account) => (namespace === undefined || account.namespace === namespace) && !isOneOf(account, bound));
    const findings = risks(rules, { ...(namespace === undefined ? {} : { namespace }), accounts: others });
    const binding = titleOf(bound.binding);
    const sourced = { ...role, rules, source: titleOf(role), lines: [], whole: {} };
    return [
      {
        role: sourced,
        findings,
        held: { binding, ...(namespace === undefined ? {} : { namespace }), subjects: subjects.map(formatSubject) },
      },
    ];
  });
}

/** All that users and accounts hold by bindings of their own, wherever; what every ServiceAccount holds makes none stronger than others. */
function rulesByUser(bindings: readonly Bound[]): Map<string, PolicyRule[]> {
  const held = new Map<string, PolicyRule[]>();
  for (const { subjects, rules = [] } of bindings) {
    const users = new Set(subjects.flatMap((subject) => userOf(subject) ?? []));
    for (const user of users) {
      const own = held.get(user) ?? [];
      own.push(...rules);
      held.set(user, own);
    }
  }
  return held;
}

function isOneOf({ name }: { name: string }, { subjects }: Bound): boolean {
  return subjects.some((subject) => subject.kind === "ServiceAccount" && `${subject.namespace}/${subject.name}` === name);
}
