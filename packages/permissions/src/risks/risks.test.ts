import { describe, expect, test } from "vitest";
import { combinations } from "./combinations.ts";
import { dangers } from "./dangers/index.ts";
import { risks } from "./risks.ts";
import type { PolicyRule } from "../rule.ts";

const rule = (verbs: string[], resources: string[], group = "", resourceNames?: string[]): PolicyRule => ({
  verbs,
  apiGroups: [group],
  resources,
  ...(resourceNames && { resourceNames }),
});
const ids = (...rules: PolicyRule[]): string[] => risks(rules).map(({ id }) => id);
const severity = (given: PolicyRule, id: string): string | undefined => risks([given]).find((finding) => finding.id === id)?.severity;

describe("risks", () => {
  test.each(
    dangers.flatMap(({ id, grants }) =>
      grants.flatMap(({ verbs, group, resources }) => resources.map((resource) => [id, verbs, resource, group] as const)),
    ),
  )("%s is found for %s %s of %s", (id, verbs, resource, group) => {
    for (const verb of verbs) expect(ids(rule([verb], [resource], group))).toContain(id);
  });

  test.each(combinations.map(({ id, all }) => [id, all] as const))(
    "%s is found where its parts come together, in different rules",
    (id, all) => {
      const parts = all.map(([first]) => {
        const grant = dangers.find((danger) => danger.id === first)?.grants[0];
        return rule([...(grant?.verbs ?? [])], [...(grant?.resources ?? [])], grant?.group);
      });
      expect(ids(...parts)).toContain(id);
      expect(ids(...parts.slice(0, 1))).not.toContain(id);
    },
  );

  test("an id is given once", () => {
    const all = [...dangers, ...combinations].map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
  });

  test("reading one's own kinds is no risk", () => {
    expect(ids(rule(["get", "list", "watch"], ["jobs"], "batch"), rule(["get", "list", "watch"], ["pods"]))).toEqual([]);
  });

  test("an administrator is told that and no list", () => {
    expect(ids({ verbs: ["*"], apiGroups: ["*"], resources: ["*"] })).toEqual(["everything"]);
  });

  test("a star is found to hold what it holds", () => {
    expect(ids({ verbs: ["get"], apiGroups: ["*"], resources: ["*"] })).toEqual(
      expect.arrayContaining(["wildcard-resources", "secrets-read", "nodes-proxy", "pods-exec"]),
    );
    expect(ids(rule(["create"], ["*/token"]))).toContain("token-create");
  });

  test("names make a grant less severe, except the worst ones", () => {
    expect(severity(rule(["get"], ["secrets"]), "secrets-read")).toBe("high");
    expect(severity(rule(["get"], ["secrets"], "", ["mine"]), "secrets-read")).toBe("medium");
    expect(severity(rule(["impersonate"], ["groups"], "", ["system:masters"]), "impersonate")).toBe("critical");
  });

  test("names make a combination less severe, or end it where they leave nothing of it", () => {
    const signs = rule(["update"], ["certificatesigningrequests/status"], "certificates.k8s.io");
    const signers = (name: string): PolicyRule => rule(["sign"], ["signers"], "certificates.k8s.io", [name]);
    expect(ids(signs, signers("issuers.example.com/*"))).not.toContain("certificate-any");
    expect(ids(signs, signers("kubernetes.io/*"))).toContain("certificate-any");
    const own = [rule(["get", "update"], ["secrets"], "", ["ca"]), rule(["create"], ["secrets"])];
    expect(risks(own)[0]).toMatchObject({ id: "token-secret", severity: "high", rules: [0, 1] });
    expect(risks([rule(["get"], ["secrets"]), ...own])[0]).toMatchObject({ id: "token-secret", severity: "critical" });
  });

  test("a Secret is read by every verb that answers with it", () => {
    for (const verb of ["patch", "delete", "deletecollection"]) expect(severity(rule([verb], ["secrets"]), "secrets-read")).toBe("high");
    expect(ids(rule(["update"], ["secrets"]))).not.toContain("secrets-read");
    expect(ids(rule(["get", "update"], ["secrets"]))).not.toContain("token-secret");
  });

  test("what can't be changed once it is there is dangerous to create alone", () => {
    expect(ids(rule(["update", "patch"], ["jobs"], "batch"))).toEqual([]);
    expect(ids(rule(["patch"], ["persistentvolumes"]), rule(["create"], ["pods"]))).not.toContain("pods-and-volumes");
  });

  test("every kind of a group that isn't Kubernetes' own core is no way to Secrets", () => {
    expect(ids({ verbs: ["get"], apiGroups: ["example.com"], resources: ["*"] })).toEqual(["wildcard-kinds"]);
  });

  test("a RoleBinding doesn't reach what is the cluster's", () => {
    expect(risks([rule(["create"], ["persistentvolumes"])], { namespace: "a" })).toEqual([]);
    expect(risks([rule(["create", "list"], ["namespaces"])], { namespace: "a" })).toEqual([]);
    expect(risks([rule(["patch"], ["namespaces"])], { namespace: "a" })).toMatchObject([{ id: "namespaces-write" }]);
    expect(risks([{ verbs: ["get"], nonResourceURLs: ["*"] }], { namespace: "a" })).toEqual([]);
    const rbac = "rbac.authorization.k8s.io";
    expect(risks([rule(["escalate", "create"], ["clusterroles", "clusterrolebindings"], rbac)], { namespace: "a" })).toEqual([]);
    expect(risks([rule(["bind"], ["clusterroles"], rbac)], { namespace: "a" })).toMatchObject([{ id: "bind" }]);
  });

  test("an empty list of paths makes no rule for objects one for paths", () => {
    const wide: PolicyRule = { verbs: ["*"], apiGroups: ["apps"], resources: ["*"] };
    const found = risks([wide], { namespace: "a" });
    expect(found.map(({ id }) => id)).toContain("wildcard-kinds");
    expect(risks([{ ...wide, nonResourceURLs: [] }], { namespace: "a" })).toEqual(found);
  });

  test("ConfigMaps are dangerous to write where the cluster's own are", () => {
    const writes = [rule(["update"], ["configmaps"])];
    expect(risks(writes, { namespace: "a" })).toEqual([]);
    expect(risks(writes, { namespace: "kube-system" })).toMatchObject([{ id: "configmaps-write" }]);
    expect(risks(writes)).toMatchObject([{ id: "configmaps-write" }]);
  });

  test("pods reach the rights of the ServiceAccounts beside them", () => {
    const admin = { name: "builder", rules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] };
    expect(risks([rule(["create"], ["pods"])], { accounts: [admin] })[0]).toMatchObject({
      id: "powerful-account/builder",
      severity: "critical",
      rules: [0],
    });
    expect(risks([rule(["patch"], ["pods"])], { accounts: [admin] })[0]?.id).toBe("powerful-account/builder");
    expect(risks([rule(["get"], ["pods"])], { accounts: [admin] })).toEqual([]);
  });

  test("an account that makes pods through another's kind is powerful where that kind is known", () => {
    const accounts = [{ name: "builder", rules: [rule(["create"], ["runs"], "example.com")] }];
    const given = [rule(["create"], ["pods"])];
    const podKinds = [{ group: "example.com", resource: "runs", namespaced: true }];
    const reached = (reach: object) => risks(given, { accounts, ...reach }).map(({ id }) => id);
    expect(reached({})).toEqual(["pods-create"]);
    expect(reached({ podKinds })).toEqual(["pods-create", "powerful-account/builder"]);
    expect(reached({ podKinds: [] })).toEqual(["pods-create"]);
  });

  test("tokens and impersonation that are held to names reach the ServiceAccounts of these names", () => {
    const accounts = ["team/builder", "team/deployer"].map((name) => ({ name, rules: [rule(["get"], ["secrets"])] }));
    for (const given of [
      rule(["create"], ["serviceaccounts/token"], "", ["builder"]),
      rule(["impersonate"], ["serviceaccounts"], "", ["builder"]),
    ]) {
      const reached = risks([given], { accounts }).filter(({ id }) => id.startsWith("powerful-account/"));
      expect(reached.map(({ id }) => id)).toEqual(["powerful-account/team/builder"]);
    }
  });

  test("a namespace's administrator reaches the accounts there, which a cluster's doesn't need", () => {
    const everything = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
    const accounts = [{ name: "builder", rules: [everything] }];
    expect(risks([everything], { accounts, namespace: "a" }).map(({ id }) => id)).toEqual(["everything", "powerful-account/builder"]);
    expect(risks([everything], { accounts }).map(({ id }) => id)).toEqual(["everything"]);
  });

  test("the empty name, that of a request which names nothing, makes nothing less", () => {
    expect(severity(rule(["list"], ["secrets"], "", [""]), "secrets-read")).toBe(severity(rule(["list"], ["secrets"]), "secrets-read"));
    expect(severity(rule(["list"], ["secrets"], "", ["a"]), "secrets-read")).not.toBe(
      severity(rule(["list"], ["secrets"]), "secrets-read"),
    );
  });

  test("paths, subresources and Namespaces have no collections", () => {
    expect(ids({ verbs: ["deletecollection"], nonResourceURLs: ["/metrics"] })).toEqual([]);
    expect(ids(rule(["*"], ["pods/status", "namespaces"]))).not.toContain("deletecollection");
    expect(ids(rule(["*"], ["pods", "namespaces"]))).toContain("deletecollection");
  });

  test("within a namespace, a rule's form is that of what it grants there", () => {
    expect(risks([rule(["*"], ["nodes", "persistentvolumes"])], { namespace: "a" })).toEqual([]);
    expect(risks([rule(["*"], ["events", "nodes"])], { namespace: "a" }).map(({ id }) => id)).toContain("wildcard-verbs");
  });
});
