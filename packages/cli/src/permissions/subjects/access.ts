import { grants, type PolicyRule, type Request } from "@plimsoll/permissions";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, Subject } from "kubernetes-types/rbac/v1.d.ts";
import { visible } from "../../output/visible.ts";

/** The roles and bindings of a cluster. Aggregated ClusterRoles carry their rules already. */
export interface Rbac {
  roles: readonly Role[];
  clusterRoles: readonly ClusterRole[];
  roleBindings: readonly RoleBinding[];
  clusterRoleBindings: readonly ClusterRoleBinding[];
}

/** A binding with the role that it names. */
export interface Bound {
  binding: Named & { kind: "RoleBinding" | "ClusterRoleBinding" };
  role: Named & { kind: "Role" | "ClusterRole" };
  /** Where the rules count; missing for everywhere. */
  namespace?: string;
  /** Undefined when there is no such role. */
  rules: readonly PolicyRule[] | undefined;
  subjects: readonly Subject[];
}

interface Named {
  name: string;
  namespace?: string;
}

/** Every binding, cluster-wide ones first. */
export function bindingsOf({ roles, clusterRoles, roleBindings, clusterRoleBindings }: Rbac): Bound[] {
  const wide = new Map(clusterRoles.map((role) => [role.metadata?.name, role]));
  const within = new Map(roles.map((role) => [`${role.metadata?.namespace}/${role.metadata?.name}`, role]));
  const bound = (binding: RoleBinding | ClusterRoleBinding, kind: Bound["binding"]["kind"], namespace?: string): Bound => {
    const { name = "" } = binding.metadata ?? {};
    const isRole = binding.roleRef.kind === "Role";
    const role = isRole ? within.get(`${namespace}/${binding.roleRef.name}`) : wide.get(binding.roleRef.name);
    const at = namespace === undefined ? {} : { namespace };
    return {
      binding: { kind, name, ...at },
      role: { kind: isRole ? "Role" : "ClusterRole", name: binding.roleRef.name, ...(isRole ? at : {}) },
      ...at,
      rules: role === undefined ? undefined : (role.rules ?? []),
      subjects: (binding.subjects ?? []).map((subject) =>
        subject.kind === "ServiceAccount" ? { ...subject, namespace: subject.namespace || namespace || "" } : subject,
      ),
    };
  };
  return [
    ...clusterRoleBindings.map((binding) => bound(binding, "ClusterRoleBinding")),
    ...roleBindings.map((binding) => bound(binding, "RoleBinding", binding.metadata?.namespace ?? "")),
  ];
}

/** A binding whose role grants a request, by this rule. */
export interface GrantingBinding {
  bound: Bound;
  rule: PolicyRule;
}

/**
 * The bindings that grant a request. `anyNamespace` asks whether they grant it in the namespace that they count in, for a
 * request that names none; what counts everywhere is asked as it stands.
 */
export function bindingsThatGrant(bindings: readonly Bound[], request: Request, { anyNamespace = false } = {}): GrantingBinding[] {
  return bindings.flatMap((bound) => {
    const { namespace, rules = [] } = bound;
    if (namespace !== undefined && ("path" in request || (request.namespace !== namespace && !anyNamespace))) return [];
    const rule = grants(rules, request);
    return rule === undefined ? [] : [{ bound, rule }];
  });
}

/** Who asks: a user's name, unless it is a group alone, and the groups. */
export interface Identity {
  user?: string;
  groups: readonly string[];
}

/** The name and the groups that the API server gives a ServiceAccount. */
export function identityOfAccount(namespace: string, name: string): Identity & { user: string } {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

/** The ServiceAccount that a user's name is of. */
export function accountOf(user: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:/]+):([^:/]+)$/.exec(user) ?? [];
  return namespace !== undefined && name !== undefined ? { namespace, name } : undefined;
}

/** A user with the groups that the API server gives each of that name; what else the login gives is unknown. */
export function identityOfUser(user: string): Identity & { user: string } {
  const account = accountOf(user);
  if (account !== undefined) return identityOfAccount(account.namespace, account.name);
  return { user, groups: [user === "system:anonymous" ? "system:unauthenticated" : "system:authenticated"] };
}

/** The subjects of a binding by which it holds for somebody (k8s.io/kubernetes pkg/registry/rbac/validation, appliesToUser). */
export function subjectsFor(subjects: readonly Subject[], { user, groups }: Identity): Subject[] {
  return subjects.filter((subject) =>
    subject.kind === "Group" ? groups.includes(subject.name) : user !== undefined && user === userOf(subject),
  );
}

/** The name of the user that a subject is; undefined for a group. */
export function userOf({ kind, name, namespace = "" }: Subject): string | undefined {
  if (kind === "Group") return undefined;
  return kind === "ServiceAccount" ? identityOfAccount(namespace, name).user : name;
}

/** `ServiceAccount team-a/builder`, `Group system:authenticated (everybody who is logged in)`. */
export function formatSubject({ kind, name, namespace }: Subject): string {
  if (kind === "ServiceAccount") return visible(`ServiceAccount ${namespace ? `${namespace}/` : ""}${name}`);
  const members = kind === "Group" ? membersOf(name) : undefined;
  return visible(`${kind} ${name}${members === undefined ? "" : ` (${members})`}`);
}

function membersOf(group: string): string | undefined {
  if (group === "system:authenticated") return "everybody who is logged in";
  if (group === "system:unauthenticated") return "everybody who is not logged in";
  if (group === "system:serviceaccounts") return "every ServiceAccount";
  return group.startsWith("system:serviceaccounts:")
    ? `every ServiceAccount in ${group.slice("system:serviceaccounts:".length)}`
    : undefined;
}
