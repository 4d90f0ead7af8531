import { covers, type Atom, type PolicyRule } from "@plimsoll/permissions";
import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import type { Bound } from "./access.ts";
import bindings from "./default-bindings.json" with { type: "json" };
import roles from "./default-roles.json" with { type: "json" };

/** A binding that Kubernetes makes by itself, with what its role grants (k8s.io/kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy). */
export interface DefaultBinding {
  /** The first minor version of Kubernetes 1 that is known to have it; rules have one of their own. */
  from: number;
  kind: string;
  namespace?: string;
  name: string;
  role: string;
  /** `Group system:masters`, `ServiceAccount kube-system/job-controller`. */
  subjects: string[];
  rules: (PolicyRule & { from: number })[];
}

/** A ClusterRole that Kubernetes makes for others to bind, with the rules that it gathers. */
export interface DefaultRole {
  from: number;
  name: string;
  rules: DefaultBinding["rules"];
}

const unbound: readonly DefaultRole[] = roles;
const known: readonly DefaultBinding[] = bindings;
const oldest = Math.min(...known.map(({ from }) => from));
/** The newest minor version of Kubernetes 1 whose defaults are known. */
export const newestKnown = Math.max(...known.flatMap(({ from, rules }) => [from, ...rules.map((rule) => rule.from)]));

/** How a default differs from what came with Kubernetes: whom else it is for, and what else its role grants. */
export interface Deviation {
  subjects: Subject[];
  /** Undefined where it is for another role. */
  grants: Atom[] | undefined;
}

/**
 * How a binding differs from the default of its name; undefined for what is none. A cluster that was upgraded keeps what older versions
 * made, so these count as well; what is left out of a default makes no difference. `minor` is the cluster's, of Kubernetes 1.
 */
export function deviationOf({ binding, role, rules = [], subjects }: Bound, minor: number): Deviation | undefined {
  const own = known.find(
    (one) =>
      one.from <= Math.max(minor, oldest) && one.kind === binding.kind && one.namespace === binding.namespace && one.name === binding.name,
  );
  if (own === undefined) return undefined;
  const isRole = role.name === own.role && role.kind === (own.kind === "RoleBinding" ? "Role" : "ClusterRole");
  return {
    subjects: subjects.filter((subject) => !own.subjects.includes(keyOf(subject))),
    grants: isRole ? covers(rulesOf(own, minor), rules) : undefined,
  };
}

/** What Kubernetes lets whoever is in one of the groups do everywhere. */
export function defaultRulesOf(groups: readonly string[], minor = newestKnown): PolicyRule[] {
  return known
    .filter(({ kind, subjects }) => kind === "ClusterRoleBinding" && groups.some((group) => subjects.includes(`Group ${group}`)))
    .flatMap((binding) => rulesOf(binding, minor));
}

/** The rules of a ClusterRole that every cluster has; undefined for others. */
export function defaultClusterRole(name: string): PolicyRule[] | undefined {
  const own = unbound.find((role) => role.name === name) ?? known.find(({ kind, role }) => kind === "ClusterRoleBinding" && role === name);
  return own && rulesOf(own, newestKnown);
}

function rulesOf({ rules }: Pick<DefaultBinding, "rules">, minor: number): PolicyRule[] {
  return rules.filter(({ from }) => from <= Math.max(minor, oldest)).map(({ from: _, ...rule }) => rule);
}

function keyOf({ kind, name, namespace }: Subject): string {
  return kind === "ServiceAccount" ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}
