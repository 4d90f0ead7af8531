import { expect, test } from "vitest";
import { heldWithin } from "./within-namespace.ts";

const rule = (verbs: string[], resources: string[], group = "") => ({ verbs, apiGroups: [group], resources });

test("within a namespace, rules hold what can be asked for there", () => {
  expect(heldWithin([rule(["get", "list"], ["pods", "nodes"])])).toEqual([rule(["get", "list"], ["pods"])]);
  expect(heldWithin([rule(["get", "list"], ["namespaces", "secrets"])])).toEqual([
    rule(["get"], ["namespaces"]),
    rule(["get", "list"], ["secrets"]),
  ]);
  expect(heldWithin([{ verbs: ["get"], nonResourceURLs: ["/metrics"] }, rule(["get"], ["nodes"])])).toEqual([]);
  const used = rule(["use"], ["securitycontextconstraints"], "security.openshift.io");
  expect(heldWithin([used], () => false)).toEqual([used]);
});
