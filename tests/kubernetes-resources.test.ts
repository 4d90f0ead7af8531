import { Transport } from "@plimsoll/kube";
import { ineffective, kubernetesResources, type PolicyRule, type Request } from "@plimsoll/permissions";
import { afterAll, expect, inject, test } from "vitest";
import { allowed, bind, untilAllowed, writeRole } from "../bench/reviews.ts";
import { ask } from "./support/raw-request.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
afterAll(() => transport.close());

interface Listed {
  name: string;
  namespaced: boolean;
  singularName: string;
  shortNames?: string[];
  verbs: string[];
}

test("the table of Kubernetes' own resources has what the API server serves, as it serves it", async () => {
  const read = <T>(path: string): Promise<T> => transport.request<T>({ method: "GET", path });
  const { groups } = await read<{ groups: { name: string; versions: { groupVersion: string }[] }[] }>("/apis");
  const own = new Set(kubernetesResources.map(({ group }) => group));
  const places = [
    { group: "", path: "/api/v1" },
    ...groups.flatMap(({ name, versions }) => versions.map(({ groupVersion }) => ({ group: name, path: `/apis/${groupVersion}` }))),
  ].filter(({ group }) => own.has(group));
  for (const { group, path } of places) {
    const { resources } = await read<{ resources: Listed[] }>(path);
    for (const { name, namespaced, singularName, shortNames, verbs } of resources.filter((one) => !one.name.includes("/"))) {
      const known = kubernetesResources.find((one) => one.group === group && one.plural === name);
      expect({ path, ...known }).toMatchObject({
        path,
        plural: name,
        namespaced,
        singular: singularName,
        ...(shortNames && { shortNames }),
      });
      expect(known?.onlyCreate ?? false).toBe(verbs.length === 1 && verbs[0] === "create");
      for (const sub of resources.filter((one) => one.name.startsWith(`${name}/`)))
        expect(known?.subresources ?? []).toContain(sub.name.slice(name.length + 1));
    }
  }
});

/** Rules that a note is drawn on or not, with the nearest request that a client can make. */
const corpus: [what: string, rule: PolicyRule, request: Request, isAllowed: boolean][] = [
  [
    "a custom verb",
    { verbs: ["readArtifact"], apiGroups: ["pipelines.kubeflow.org"], resources: ["runs"] },
    { verb: "readArtifact", group: "pipelines.kubeflow.org", resource: "runs" },
    true,
  ],
  [
    "a Calico tier's policies",
    { verbs: ["get"], apiGroups: ["projectcalico.org"], resources: ["tier.networkpolicies"], resourceNames: ["net-sec.*"] },
    { verb: "get", group: "projectcalico.org", resource: "tier.networkpolicies", name: "net-sec.*" },
    true,
  ],
  [
    "a signer's domain",
    { verbs: ["approve"], apiGroups: ["certificates.k8s.io"], resources: ["signers"], resourceNames: ["example.com/*"] },
    { verb: "approve", group: "certificates.k8s.io", resource: "signers", name: "example.com/*" },
    true,
  ],
  [
    "a name with a star",
    { verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["web-*"] },
    { verb: "get", group: "", resource: "pods", name: "web-0" },
    false,
  ],
  ["a singular", { verbs: ["get"], apiGroups: [""], resources: ["pod"] }, { verb: "get", group: "", resource: "pods" }, false],
  ["a short name", { verbs: ["get"], apiGroups: [""], resources: ["svc"] }, { verb: "get", group: "", resource: "services" }, false],
  [
    "pods/logs",
    { verbs: ["get"], apiGroups: [""], resources: ["pods/logs"] },
    { verb: "get", group: "", resource: "pods", subresource: "log" },
    false,
  ],
  [
    "a group that it isn't in",
    { verbs: ["get"], apiGroups: [""], resources: ["deployments"] },
    { verb: "get", group: "apps", resource: "deployments" },
    false,
  ],
  ["a verb that isn't", { verbs: ["view"], apiGroups: [""], resources: ["pods"] }, { verb: "list", group: "", resource: "pods" }, false],
  ["a capital", { verbs: ["Get"], apiGroups: [""], resources: ["pods"] }, { verb: "get", group: "", resource: "pods" }, false],
  ["list on a path", { verbs: ["list"], nonResourceURLs: ["/metrics"] }, { verb: "get", path: "/metrics" }, false],
  ["a star within a path", { verbs: ["get"], nonResourceURLs: ["/foo*bar"] }, { verb: "get", path: "/foobar" }, false],
  [
    "deletecollection of names",
    { verbs: ["deletecollection"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] },
    { verb: "deletecollection", group: "", resource: "pods" },
    false,
  ],
];

test.each(corpus)("%s: told exactly where the API server refuses", async (what, rule, request, isAllowed) => {
  const name = `corpus-${Date.now()}-${what.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}`;
  const last: PolicyRule = { verbs: ["last"], apiGroups: ["last"], resources: ["last"] };
  await writeRole(transport, { kind: "ClusterRole", name, rules: [rule, last] });
  await bind(transport, name, { kind: "ClusterRole", name });
  await untilAllowed(transport, name, { verb: "last", group: "last", resource: "last" });
  expect(await allowed(transport, name, request)).toBe(isAllowed);
  expect(ineffective(rule).length > 0).toBe(!isAllowed);
});

test("create held to names makes that object by PUT and by apply, and nothing is told of it", async () => {
  const name = `corpus-lease-${Date.now()}`;
  const rules: PolicyRule[] = [
    {
      verbs: ["get", "update", "patch", "create"],
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      resourceNames: ["my-leader", "applied"],
    },
  ];
  await writeRole(transport, { kind: "Role", name, namespace: "default", rules });
  await bind(transport, name, { kind: "Role", name }, "default");
  await untilAllowed(transport, name, {
    verb: "get",
    group: "coordination.k8s.io",
    resource: "leases",
    name: "my-leader",
    namespace: "default",
  });
  const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
  const lease = (of: string) => ({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: of, namespace: "default" } });
  expect(await ask("PUT", `${leases}/my-leader`, { as: name, body: lease("my-leader") })).toMatchObject({ code: 201 });
  const apply = { as: name, body: lease("applied"), contentType: "application/apply-patch+yaml" };
  expect(await ask("PATCH", `${leases}/applied?fieldManager=test`, apply)).toMatchObject({ code: 201 });
  expect(await ask("POST", leases, { as: name, body: lease("my-leader") })).toMatchObject({ code: 403 });
  expect(ineffective(rules[0] ?? { verbs: [] })).toEqual([]);
  for (const made of ["my-leader", "applied"]) await transport.request({ method: "DELETE", path: `${leases}/${made}` });
});
