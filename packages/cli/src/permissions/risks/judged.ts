import { covers } from "@plimsoll/permissions";
import { risks, severities, type Finding } from "@plimsoll/permissions/risks";
import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import { formatSubject } from "../subjects/access.ts";
import { withAdded } from "../objects/aggregation.ts";
import type { SourcedBinding } from "../objects/binding.ts";
import type { Account } from "../objects/cloud-identity.ts";
import { defaultClusterRole, defaultRulesOf } from "../subjects/default-bindings.ts";
import type { RoleFindings } from "./findings.ts";
import type { PodKind } from "../objects/crd.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";
import { scopesOf, type Served } from "../objects/served.ts";

/** What roles may reach. */
interface Around {
  accounts: readonly Account[];
  /** Namespaces that let privileged pods in. */
  privileged: readonly string[];
  /** What CRDs define, and which of it has a pod in it. */
  resources?: readonly Served[];
  podKinds?: readonly PodKind[];
}

/** Judges roles of files by the bindings beside them: a role once for each, where that counts, and one that nothing binds as it stands. */
export function judged(
  roles: readonly SourcedRole[],
  bindings: readonly SourcedBinding[],
  around: Around = { accounts: [], privileged: [] },
): { found: RoleFindings[]; missing: SourcedBinding[] } {
  const bound = new Set<SourcedRole>();
  const missing: SourcedBinding[] = [];
  const held = bindings.flatMap((binding) => {
    const role = roleOf(binding, roles);
    if (role === undefined) {
      missing.push(binding);
      return [];
    }
    // One that binds nobody leaves its role as if there were none: whoever is added later holds all of it.
    if (binding.subjects.length === 0) return [];
    bound.add(role);
    return [heldBy(binding, role, around)];
  });
  const unbound = roles.filter((role) => !bound.has(role));
  return {
    found: [
      ...unbound.map((role) => ({
        role,
        findings: risksWithin(role, role.kind === "Role" ? (role.namespace ?? "") : undefined, around),
      })),
      ...held,
    ],
    missing,
  };
}

/** Of a file, or what every cluster has. */
export function roleOf({ kind, namespace, role, source, line }: SourcedBinding, roles: readonly SourcedRole[]): SourcedRole | undefined {
  const isAt = (one: SourcedRole): boolean =>
    role.kind === "ClusterRole" || one.namespace === namespace || one.namespace === undefined || namespace === undefined;
  // Applied one after the other, the last of a name is what a cluster has.
  const found = roles.findLast((one) => one.kind === role.kind && one.name === role.name && isAt(one));
  if (found !== undefined || role.kind === "Role") return found;
  const rules = defaultClusterRole(role.name);
  // It has no line but that of the binding.
  return rules && withAdded({ ...role, rules, source, lines: rules.map(() => line), whole: { kind } }, roles);
}

/** The risks of a role that holds in a namespace, or everywhere; accounts are reached there. A file without namespaces is taken to be of one. */
function risksWithin(
  { rules }: SourcedRole,
  namespace: string | undefined,
  { accounts, privileged, resources = [], podKinds = [] }: Around,
): Finding[] {
  const near = accounts.filter((account) => !namespace || account.namespace === "" || account.namespace === namespace);
  const inReach = near.map(({ identity, ...account }) => ({
    name: account.namespace === "" ? account.name : `${account.namespace}/${account.name}`,
    rules: [],
    ...(identity !== undefined && { identity }),
  }));
  return risks(rules, {
    ...(namespace !== undefined && { namespace }),
    accounts: inReach,
    privileged,
    podKinds,
    scopes: scopesOf(resources),
  });
}

function heldBy({ kind, name, namespace, subjects }: SourcedBinding, role: SourcedRole, around: Around): RoleFindings {
  const within: { namespace?: string } = kind === "RoleBinding" ? { namespace: namespace ?? role.namespace ?? "" } : {};
  // Who is the account already doesn't reach it.
  const isHolder = (account: Account): boolean =>
    subjects.some(
      (one) =>
        one.kind === "ServiceAccount" &&
        one.name === account.name &&
        (!one.namespace || !account.namespace || one.namespace === account.namespace),
    );
  const others = around.accounts.filter((account) => !isHolder(account));
  const findings = risksWithin(role, within.namespace, { ...around, accounts: others });
  return {
    role,
    findings: [...openTo(subjects, role.rules, findings), ...findings],
    held: {
      binding: titleOf({ kind, name, ...(namespace === undefined ? {} : { namespace }) }),
      ...(within.namespace ? { namespace: within.namespace } : {}),
      subjects: subjects.map(formatSubject),
    },
  };
}

const nobody = new Set(["system:unauthenticated", "system:anonymous"]);
const everybody = new Set(["system:authenticated", "system:serviceaccounts"]);

/** That a binding is for everybody, beyond what Kubernetes lets everybody do. */
export function openTo(subjects: readonly Subject[], rules: SourcedRole["rules"], findings: readonly Finding[]): Finding[] {
  const isOpen = subjects.some(({ kind, name }) => kind !== "ServiceAccount" && nobody.has(name));
  const isWide = subjects.some(({ kind, name }) => kind === "Group" && everybody.has(name));
  if (!isOpen && (!isWide || findings.length === 0)) return [];
  const common = defaultRulesOf(isOpen ? ["system:unauthenticated"] : ["system:authenticated", "system:serviceaccounts"]);
  if (covers(common, rules).length === 0) return [];
  const worst = Math.max(...findings.map(({ severity }) => severities.indexOf(severity)), 0);
  return [
    {
      id: "bound-to-everybody",
      severity: isOpen ? (worst >= severities.indexOf("medium") ? "critical" : "high") : "high",
      title: isOpen ? "is bound to whoever isn't logged in" : "is bound to everybody who is logged in, or to every ServiceAccount",
      attack: isOpen
        ? "Whoever reaches the API server holds the role, without any credentials."
        : "Any user, or any pod that has a token, holds the role: one that is broken into is enough.",
      source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
      narrow: "Bind it to those who need it; to system:unauthenticated nothing beyond system:public-info-viewer.",
      rules: rules.flatMap((rule, index) => (covers(common, [rule]).length > 0 ? [index] : [])),
    },
  ];
}
