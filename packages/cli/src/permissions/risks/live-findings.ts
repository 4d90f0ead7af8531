import { atomText, type PolicyRule } from "@plimsoll/permissions";
import { risks, type Finding } from "@plimsoll/permissions/risks";
import type { ClusterOptions } from "../../connect/cluster-options.ts";
import { bindingsOf, formatSubject, identityOfAccount, userOf, type Bound } from "../subjects/access.ts";
import type { Account } from "../objects/cloud-identity.ts";
import { deviationOf, newestKnown, type Deviation } from "../subjects/default-bindings.ts";
import type { RoleFindings } from "./findings.ts";
import { openTo } from "./judged.ts";
import { readAccounts, readPrivileged, readRbac, readVersion, withRbac } from "../sources/live.ts";
import type { PodKind } from "../objects/crd.ts";
import { readPodKinds } from "../objects/pod-kinds.ts";
import { titleOf } from "../objects/role.ts";

/** What is found in the roles of the cluster, or of the namespace, that the options name. */
export async function findInCluster({ all = false, ...options }: ClusterOptions & { all?: boolean }): Promise<RoleFindings[]> {
  return withRbac(options, async (client, transport) => {
    const [rbac, accounts, minor, podKinds, privileged] = await Promise.all([
      readRbac(client, options.namespace),
      readAccounts(client, options.namespace),
      readVersion(transport),
      readPodKinds(transport),
      readPrivileged(client, options.namespace),
    ]);
    if (minor > newestKnown)
      console.error(`note: the cluster is Kubernetes 1.${minor}; of defaults, those of up to 1.${newestKnown} are known and left out`);
    const found = liveFindings(bindingsOf(rbac), accounts, { all, minor, podKinds, privileged });
    return found.filter(({ held }) => options.namespace === undefined || held?.namespace === options.namespace);
  });
}

/**
 * What is found in the roles that somebody holds in a cluster, a role once for each binding. Bindings that came with Kubernetes 1.`minor`, as
 * they came, are left out unless `all`. Of one that gives its role to others as well, these are judged. `accounts` are the ServiceAccounts,
 * `privileged` the namespaces that let privileged pods in.
 */
export function liveFindings(
  bindings: readonly Bound[],
  accounts: readonly Account[],
  {
    all = false,
    minor = newestKnown,
    podKinds = [],
    privileged = [],
  }: { all?: boolean; minor?: number; podKinds?: readonly PodKind[]; privileged?: readonly string[] } = {},
): RoleFindings[] {
  const held = rulesByUser(bindings);
  const holders = accounts.flatMap(({ namespace, name, ...identity }) => {
    const rules = held.get(identityOfAccount(namespace, name).user);
    return rules === undefined && identity.identity === undefined
      ? []
      : [{ name: `${namespace}/${name}`, namespace, rules: rules ?? [], ...identity }];
  });
  return bindings.flatMap((bound) => {
    const { role, rules, namespace } = bound;
    const deviation = deviationOf(bound, minor);
    // Whom the default is for holds what he always held, unless the role grants more.
    const subjects = deviation?.grants?.length === 0 && !all ? deviation.subjects : bound.subjects;
    if (rules === undefined || subjects.length === 0) return [];
    const others = holders.filter((account) => (namespace === undefined || account.namespace === namespace) && !isOneOf(account, bound));
    const judged = risks(rules, { ...(namespace === undefined ? {} : { namespace }), accounts: others, podKinds, privileged });
    const findings = [...openTo(subjects, rules, judged), ...judged, ...(deviation === undefined ? [] : changedDefault(deviation, rules))];
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

/** That a binding has the name of one of Kubernetes' own and gives more than that. */
function changedDefault({ subjects, grants }: Deviation, rules: readonly PolicyRule[]): Finding[] {
  if (grants?.length === 0 && subjects.length === 0) return [];
  const how = [
    ...(subjects.length > 0 ? [`is for ${subjects.map(formatSubject).join(", ")} too`] : []),
    ...(grants === undefined ? ["gives another role"] : grants.length > 0 ? [`grants ${grants.map(atomText).join(", ")} too`] : []),
  ];
  return [
    {
      id: "changed-default",
      severity: "medium",
      title: "isn't the default that it is called",
      attack: `Hides behind a name that nobody looks at. Beyond what came with Kubernetes, it ${how.join(" and ")}.`,
      source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings",
      narrow:
        "Put what is needed into a role and a binding of their own; delete the default, and the API server makes it anew when it starts.",
      rules: rules.map((_, index) => index),
    },
  ];
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
