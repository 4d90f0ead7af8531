import { controllerToken } from "@plimsoll/controller";
import { roles, type RbacObject, type RolesOptions } from "@plimsoll/controller/roles";
import { builtin, gate, type Transport } from "@plimsoll/kube";
import { atomKey, atoms, requestFor, ruleOf, type Atom } from "@plimsoll/permissions";
import { untilAllowed } from "../../bench/reviews.ts";

const { declare, allow } = gate(builtin);

const permissions = declare("accounts", [
  allow("create", "serviceaccounts", "to give a feature an identity"),
  allow("create", "clusterroles.rbac.authorization.k8s.io", "to grant it its role"),
  allow("create", "clusterrolebindings.rbac.authorization.k8s.io", "to grant it its role"),
  allow("create", "roles.rbac.authorization.k8s.io", "to grant it its role"),
  allow("create", "rolebindings.rbac.authorization.k8s.io", "to grant it its role"),
]);

/** A ServiceAccount with the roles that Plimsoll generates for it. */
export interface Account {
  namespace: string;
  user: string;
  token: string;
}

/** Makes the one ServiceAccount that the options ask for, with its roles less the atom left out, and waits until they are in force. */
export async function accountOf(transport: Transport, options: RolesOptions & { namespace: string }, without?: Atom): Promise<Account> {
  const client = permissions.client(transport);
  const { namespace } = options;
  const objects = roles(options).map((object) => less(object, without));
  let name = "";
  for (const object of objects) {
    if (object.kind === "ServiceAccount") ({ name } = (await client("serviceaccounts").create(object)).metadata);
    if (object.kind === "ClusterRole") await client("clusterroles.rbac.authorization.k8s.io").create(object);
    if (object.kind === "ClusterRoleBinding") await client("clusterrolebindings.rbac.authorization.k8s.io").create(object);
    if (object.kind === "Role") await client("roles.rbac.authorization.k8s.io").create(object);
    if (object.kind === "RoleBinding") await client("rolebindings.rbac.authorization.k8s.io").create(object);
  }
  const user = `system:serviceaccount:${namespace}:${name}`;
  const granted = objects.flatMap((object) =>
    "rules" in object ? (object.rules ?? []).map((rule) => ({ rule, place: object.metadata.namespace })) : [],
  );
  for (const { rule, place } of granted) for (const atom of atoms([rule])) await untilAllowed(transport, user, requestFor(atom, place));
  return { namespace, user, token: await controllerToken(transport, { account: name, namespace }) };
}

/** A role without one atom. */
function less(object: RbacObject, without: Atom | undefined): RbacObject {
  if (without === undefined || !("rules" in object)) return object;
  const rules = atoms(object.rules ?? [])
    .filter((atom) => atomKey(atom) !== atomKey(without))
    .map(ruleOf);
  return { ...object, rules };
}
