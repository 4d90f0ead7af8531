import { expect, test } from "vitest";
import type { Bound } from "../subjects/access.ts";
import { dotOf, htmlOf, mermaidOf } from "./graph-text.ts";
import { reachGraph } from "./reach-graph.ts";

const account = (name: string) => ({ kind: "ServiceAccount", name, namespace: "shop" });
const bound = (role: string, resource: string, verb: string, ...subjects: Bound["subjects"]): Bound => ({
  binding: { kind: "RoleBinding", name: role, namespace: "shop" },
  role: { kind: "Role", name: role, namespace: "shop" },
  namespace: "shop",
  rules: [{ verbs: [verb], apiGroups: [""], resources: [resource] }],
  subjects,
});
const bindings = [
  bound("deployer", "pods", "create", { kind: "User", name: 'ada "<b>' }),
  bound("keeper", "secrets", "get", account("vault")),
  bound("reader", "services", "get", { kind: "User", name: "bob" }),
];
const graph = reachGraph(bindings, "high", () => true);

test("the graph leads from subjects through roles to risks, and to ServiceAccounts that a role reaches", () => {
  expect(graph.edges.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
    'subject User ada "<b> -> role Role shop/deployer',
    "role Role shop/deployer -> risk pods-create",
    "role Role shop/deployer -> subject ServiceAccount shop/vault",
    "subject ServiceAccount shop/vault -> role Role shop/keeper",
    "role Role shop/keeper -> risk secrets-read",
  ]);
  expect(reachGraph(bindings, "critical", () => true).nodes).toEqual([]);
  expect(reachGraph(bindings, "high", ({ kind }) => kind === "ServiceAccount").nodes.map(({ id }) => id)).toEqual([
    "role Role shop/keeper",
    "subject ServiceAccount shop/vault",
    "risk secrets-read",
  ]);
});

test("each form names every node, and a subject's name is no markup in any", () => {
  const labels = ["Role shop/deployer", "ServiceAccount shop/vault", "secrets-read"];
  for (const text of [mermaidOf(graph), dotOf(graph), htmlOf(graph)]) for (const label of labels) expect(text).toContain(label);
  expect(mermaidOf(graph)).toContain('(["User ada #quot;#lt;b#gt;"])');
  expect(dotOf(graph)).toContain('label="User ada \\"<b>"');
  expect(htmlOf(graph)).toContain("User ada &quot;&lt;b&gt;");
  expect(htmlOf(graph)).not.toContain("<b>");
});

test("who makes pods where privileged ones are let in reaches the nodes", () => {
  const open = reachGraph(bindings, "critical", () => true, { privileged: ["shop", "elsewhere"] });
  expect(open.edges).toEqual([
    { from: 'subject User ada "<b>', to: "role Role shop/deployer", label: "RoleBinding shop/deployer" },
    { from: "role Role shop/deployer", to: "risk the nodes", label: "privileged pods in shop" },
  ]);
  expect(reachGraph(bindings, "critical", () => true, { privileged: ["elsewhere"] }).nodes).toEqual([]);
  const wide = bindings.map(({ namespace: _, ...one }) => one);
  expect(reachGraph(wide, "critical", () => true, { privileged: ["elsewhere"] }).edges.map(({ label }) => label)).toContain(
    "privileged pods in elsewhere",
  );
});

test("who makes pods beside a ServiceAccount that is somebody in a cloud reaches who that is", () => {
  const accounts = [
    { namespace: "shop", name: "s3", identity: "arn:aws:iam::1:role/x" },
    { namespace: "shop", name: "plain" },
    { namespace: "elsewhere", name: "s3", identity: "arn:aws:iam::1:role/y" },
  ];
  const reached = reachGraph(bindings, "high", () => true, { accounts });
  expect(reached.edges).toContainEqual({ from: "role Role shop/deployer", to: "subject ServiceAccount shop/s3", label: "reaches" });
  expect(reached.edges).toContainEqual({
    from: "subject ServiceAccount shop/s3",
    to: "risk arn:aws:iam::1:role/x",
    label: "is in the cloud",
  });
  expect(reached.nodes.map(({ label }) => label)).not.toContain("arn:aws:iam::1:role/y");
  expect(reachGraph(bindings, "critical", () => true, { accounts }).nodes).toEqual([]);
});

test("kinds that CRDs show a pod in make pods, where a binding reaches them", () => {
  const runs = bound("runner", "runs", "create", account("runner"));
  const written = [{ ...runs, rules: [{ verbs: ["create"], apiGroups: ["example.com"], resources: ["runs"] }] }];
  const reached = (namespaced: boolean) =>
    reachGraph(written, "high", () => true, { podKinds: [{ group: "example.com", resource: "runs", namespaced }] }).edges.map(
      ({ to }) => to,
    );
  expect(reached(true)).toContain("risk workloads-write");
  expect(reached(false)).toEqual([]);
});
