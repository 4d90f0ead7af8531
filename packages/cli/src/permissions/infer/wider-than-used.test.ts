import type { Request } from "@plimsoll/permissions";
import { expect, test } from "vitest";
import type { SourcedRole } from "../objects/role.ts";
import { widerThanUsed } from "./wider-than-used.ts";

const role = (kind: "ClusterRole" | "Role", resource: string, resourceNames?: string[]): SourcedRole => ({
  kind,
  ...(kind === "Role" && { namespace: "shop" }),
  rules: [{ verbs: ["get"], apiGroups: [""], resources: [resource], ...(resourceNames && { resourceNames }) }],
  source: "role.yaml",
  lines: [1],
  whole: {},
});
const get = (resource: string, name: string | undefined, namespace: string): Request => ({
  verb: "get",
  group: "",
  resource,
  ...(name !== undefined && { name }),
  namespace,
});

test.each<[what: string, given: SourcedRole, requests: Request[], expected: object[]]>([
  ["one name in one namespace", role("ClusterRole", "secrets"), [get("secrets", "db", "shop")], [{ names: ["db"], namespaces: ["shop"] }]],
  ["a Role's own namespace", role("Role", "secrets"), [get("secrets", "db", "shop")], [{ names: ["db"] }]],
  ["a name that is given already", role("Role", "secrets", ["db"]), [get("secrets", "db", "shop")], []],
  ["a name that is new each time", role("Role", "secrets"), [get("secrets", "sh.helm.release.v1.web.v7", "shop")], []],
  ["many names", role("Role", "secrets"), ["a", "b", "c", "d"].map((name) => get("secrets", name, "shop")), []],
  ["what is asked without a name", role("Role", "secrets"), [get("secrets", "db", "shop"), get("secrets", undefined, "shop")], []],
  ["another namespace, which the Role has no say in", role("Role", "secrets"), [get("secrets", "db", "bank")], []],
  ["a star that was used for little", role("ClusterRole", "*"), [get("pods", "web", "shop")], [{ names: ["web"], namespaces: ["shop"] }]],
  ["Namespaces, which are in themselves", role("ClusterRole", "namespaces"), [get("namespaces", "shop", "shop")], [{ names: ["shop"] }]],
])("of %s is told what it was used for, where that is less", (_, given, requests, expected) => {
  expect(widerThanUsed(given, requests).map(({ atom: __, ...used }) => used)).toEqual(expected);
});
