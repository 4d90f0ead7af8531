import { install } from "@plimsoll/controller";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { expect, inject, test } from "vitest";
import { place } from "./support/cluster.ts";

const { declare, allow } = gate(builtin);
const rbac = "rbac.authorization.k8s.io";

const permissions = declare("install-test", [
  allow("list", `clusterroles.${rbac}`, "to see what was made"),
  allow("list", `clusterrolebindings.${rbac}`, "to see what was made"),
  allow("list", `roles.${rbac}`, "to see what was made"),
  allow("list", `rolebindings.${rbac}`, "to see what was made"),
  allow("list", "serviceaccounts", "to see what was made"),
]);

test("installed again for less, nothing of what was granted before is left", async () => {
  const [own, a, b] = await Promise.all([place(), place(), place()]);
  const transport = Transport.fromKubeconfig(inject("kubeconfig"), { userAgent: "tests" });
  const client = permissions.client(transport);
  const made = async (): Promise<string[]> => {
    const select = { labelSelector: `plimsoll.dev/installation=${own.namespace}` };
    const found = await Promise.all([
      Array.fromAsync(client(`clusterroles.${rbac}`).list(select)),
      Array.fromAsync(client(`clusterrolebindings.${rbac}`).list(select)),
      Array.fromAsync(client(`roles.${rbac}`).list(select)),
      Array.fromAsync(client(`rolebindings.${rbac}`).list(select)),
      Array.fromAsync(client("serviceaccounts").list(select)),
    ]);
    const kinds = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ServiceAccount"];
    const places = new Map([
      [own.namespace, "own"],
      [a.namespace, "a"],
      [b.namespace, "b"],
    ]);
    return found
      .flatMap((objects, kind) =>
        objects.map(({ metadata }) =>
          [
            kinds[kind],
            metadata.name.replace(own.namespace, "own"),
            ...(metadata.namespace === undefined ? [] : ["in", places.get(metadata.namespace)]),
          ].join(" "),
        ),
      )
      .sort();
  };
  const { namespace } = own;

  await install(transport, { namespace });
  expect(await made()).toEqual([
    "ClusterRole plimsoll:own",
    "ClusterRoleBinding plimsoll:own",
    "Role plimsoll:own in own",
    "RoleBinding plimsoll:own in own",
    "ServiceAccount plimsoll in own",
  ]);
  await install(transport, { namespace, features: ["pipelines"], namespaces: [a.namespace, b.namespace], isolation: "feature" });
  const inAll = ["a", "b", "own"].flatMap((at) => [`Role plimsoll-pipelines:own in ${at}`, `RoleBinding plimsoll-pipelines:own in ${at}`]);
  expect(await made()).toEqual([...inAll, "ServiceAccount plimsoll-pipelines in own"].sort());
  await install(transport, { namespace, namespaces: [a.namespace] });
  expect(await made()).toEqual([
    "Role plimsoll:own in a",
    "Role plimsoll:own in own",
    "RoleBinding plimsoll:own in a",
    "RoleBinding plimsoll:own in own",
    "ServiceAccount plimsoll in own",
  ]);
  await transport.close();
});
