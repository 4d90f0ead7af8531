import { controllerToken } from "@plimsoll/controller";
import { roles, type RbacObject, type RolesOptions } from "@plimsoll/controller/roles";
import { builtin, gate, type Transport } from "@plimsoll/kube";
import { atomKey, atoms, ruleOf, type Atom } from "@plimsoll/permissions";
import { setTimeout as sleep } from "node:timers/promises";

const { declare, allow } = gate(builtin);

const permissions = declare("accounts", [
  allow("create", "serviceaccounts", "to give a feature an identity"),
  allow("create", "clusterroles.rbac.authorization.k8s.io", "to grant it its role"),
  allow("create", "clusterrolebindings.rbac.authorization.k8s.io", "to grant it its role"),
  allow("create", "roles.rbac.authorization.k8s.io", "to grant it its role"),
  allow("create", "rolebindings.rbac.authorization.k8s.io", "to grant it its role"),
  allow("create", "subjectaccessreviews.authorization.k8s.io", "to learn when the role is in force"),
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
  const granted = objects.flatMap((object) => ("rules" in object ? (object.rules ?? []).map((rule) => ({ rule, place: object.metadata.namespace })) : []));
  for (const { rule, place } of granted) for (const atom of atoms([rule])) await inForce(client, user, atom, place);
  return { namespace, user, token: await controllerToken(transport, { account: name, namespace }) };
}

/** A role without one atom. */
function less(object: RbacObject, without: Atom | undefined): RbacObject {
  if (without === undefined || !("rules" in object)) return object;
  const rules = atoms(object.rules ?? []).filter((atom) => atomKey(atom) !== atomKey(without)).map(ruleOf);
  return { ...object, rules };
}

async function inForce(client: ReturnType<typeof permissions.client>, user: string, atom: Atom, namespace: string | undefined): Promise<void> {
  if ("path" in atom) return;
  const [resource = "", subresource = ""] = atom.resource.split("/");
  const resourceAttributes = { verb: atom.verb, group: atom.group, resource, subresource, ...(atom.name === undefined ? {} : { name: atom.name }), ...(namespace === undefined ? {} : { namespace }) };
  for (let tries = 0; tries < 100; tries += 1) {
    const review = await client("subjectaccessreviews.authorization.k8s.io").create({ spec: { user, resourceAttributes } });
    if (review.status?.allowed) return;
    await sleep(50);
  }
  throw new Error(`${user} may not ${atom.verb} ${atom.resource} five seconds after its role was bound`);
}
