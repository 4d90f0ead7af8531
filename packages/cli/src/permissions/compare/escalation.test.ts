import type { PolicyRule } from "@plimsoll/permissions";
import { expect, test } from "vitest";
import { lacking, pastCheck } from "./escalation.ts";
import type { SourcedRole } from "../objects/role.ts";

const rules: PolicyRule[] = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const get = { verb: "get", group: "", resource: "pods" };
const of = (more: Partial<SourcedRole>): SourcedRole[] => [{ rules, source: "f", lines: [], whole: {}, ...more }];
const wide = of({ kind: "ClusterRole" });
const here = of({ kind: "Role", namespace: "a" });
const there = of({ kind: "Role", namespace: "b" });
const admin = of({
  kind: "ClusterRole",
  rules: [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ],
});
const aggregated = (clusterRoleSelectors: object[]): SourcedRole[] =>
  of({ kind: "ClusterRole", whole: { aggregationRule: { clusterRoleSelectors } } });
const everything = [
  { verb: "*", group: "*", resource: "*" },
  { verb: "*", path: "*" },
];

test.each<[what: string, owner: SourcedRole[], servant: SourcedRole[], lacked: object[]]>([
  ["what holds everywhere covers a Role anywhere", wide, here, []],
  ["what holds in one namespace covers a Role there", here, here, []],
  ["what holds in one namespace covers no Role in another", here, there, [{ ...get, namespace: "b" }]],
  ["what holds in one namespace covers no ClusterRole", here, wide, [get]],
  ["bare rules cover rules wherever they count", of({}), wide, []],
  ["a role that gathers others takes every right", wide, aggregated([{ matchLabels: { to: "view" } }]), everything],
  ["an administrator may write a role that gathers others", admin, aggregated([{}]), []],
  ["a role whose rule gathers nothing takes its own only", wide, aggregated([]), []],
])("%s", (_what, owner, servant, lacked) => {
  expect(lacking(owner, servant)).toEqual(lacked);
});

test("an owner that may escalate or bind is let past the check, as far as names go", () => {
  const role = { kind: "ClusterRole" as const, name: "r", rules, source: "f", lines: [], whole: {} };
  const may = (verb: string, resourceNames?: string[]): SourcedRole[] =>
    of({
      kind: "ClusterRole",
      rules: [
        { verbs: [verb], apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], ...(resourceNames && { resourceNames }) },
      ],
    });
  expect(pastCheck(may("escalate"), role)).toMatchObject({ mayWrite: true, told: [expect.stringContaining("be written") as string] });
  expect(pastCheck(may("escalate", ["r"]), role)).toMatchObject({
    mayWrite: true,
    told: [expect.stringContaining("not created") as string],
  });
  expect(pastCheck(may("escalate", ["other"]), role)).toEqual({ mayWrite: false, told: [] });
  expect(pastCheck(may("bind"), role)).toMatchObject({
    mayWrite: false,
    told: [expect.stringContaining("may bind ClusterRole r") as string],
  });
});
