import { crds, type CustomResourceDefinition } from "@plimsoll/api";
import { builtin, gate, type Transport } from "@plimsoll/kube";
import { features } from "./features.ts";

const { declare, allow } = gate(builtin);

/** What installing Plimsoll takes: an administrator's rights. */
const permissions = declare("install", [
  allow(["patch", "get", "create"], "customresourcedefinitions.apiextensions.k8s.io", "to define Plimsoll's kinds"),
  allow(["patch", "create"], "namespaces", "to make the controller's namespace"),
  allow(["patch", "create"], "serviceaccounts", "to give the controller its identity"),
  allow(["patch", "create"], "clusterroles.rbac.authorization.k8s.io", "to grant what the features declare"),
  allow(["patch", "create"], "clusterrolebindings.rbac.authorization.k8s.io", "to grant it to the controller"),
]);

const namespace = "plimsoll-system";
const name = "plimsoll";
const apply = { type: "apply", fieldManager: "plimsoll-install", force: true } as const;

/** The controller's identity, once `install` has run. */
export const serviceAccount = { namespace, name } as const;

/** Puts Plimsoll's kinds and the controller's ServiceAccount with its role into a cluster. Done again, it brings them up to date. */
export async function install(transport: Transport, options: { crds?: CustomResourceDefinition[] } = {}): Promise<void> {
  const client = permissions.client(transport);
  const definitions = options.crds ?? crds();
  await Promise.all(definitions.map((crd) => client("customresourcedefinitions.apiextensions.k8s.io").patch({ name: crd.metadata.name }, crd, apply)));
  await client("namespaces").patch({ name: namespace }, { metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } }, apply);
  await client("serviceaccounts").patch({ namespace, name }, { metadata: { namespace, name } }, apply);
  await client("clusterroles.rbac.authorization.k8s.io").patch({ name }, { metadata: { name }, rules: features.flatMap(({ rules }) => rules.map(({ reason: _reason, ...rule }) => rule)) }, apply);
  await client("clusterrolebindings.rbac.authorization.k8s.io").patch(
    { name },
    { metadata: { name }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name }, subjects: [{ kind: "ServiceAccount", namespace, name }] },
    apply,
  );
  for (const crd of definitions) await established(client, crd.metadata.name);
}

/** Waits until the API server serves a kind. */
async function established(client: ReturnType<typeof permissions.client>, name: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { status } = await client("customresourcedefinitions.apiextensions.k8s.io").get({ name });
    if (status?.conditions?.some(({ type, status }) => type === "Established" && status === "True")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the API server does not serve ${name} ten seconds after it was defined: see \`kubectl describe crd ${name}\``);
}
