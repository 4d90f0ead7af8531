import { expect, test } from "vitest";
import { difference } from "./difference.ts";
import type { SourcedRole } from "../objects/role.ts";

const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const get = { verb: "get", group: "", resource: "pods" };
const of = (more: Pick<SourcedRole, "kind" | "namespace">): SourcedRole[] => [{ rules, source: "f", lines: [], whole: {}, ...more }];
const wide = of({ kind: "ClusterRole" });
const here = of({ kind: "Role", namespace: "a" });
const there = of({ kind: "Role", namespace: "b" });
const unsaid = of({ kind: "Role" });
const bare = of({});

test.each<[what: string, a: SourcedRole[], b: SourcedRole[], differences: ReturnType<typeof difference>]>([
  ["a Role that becomes a ClusterRole grants more", here, wide, { onlyA: [], onlyB: [get] }],
  ["a ClusterRole that becomes a Role grants less", wide, here, { onlyA: [get], onlyB: [] }],
  ["a Role beside a ClusterRole that grants the same adds nothing", wide, [...wide, ...here], { onlyA: [], onlyB: [] }],
  [
    "Roles of two namespaces grant in each its own",
    here,
    there,
    { onlyA: [{ ...get, namespace: "a" }], onlyB: [{ ...get, namespace: "b" }] },
  ],
  ["a Role without a namespace is where the others are", here, unsaid, { onlyA: [], onlyB: [] }],
  [
    "a Role without a namespace is nowhere known among several",
    [...here, ...there],
    unsaid,
    {
      onlyA: [
        { ...get, namespace: "a" },
        { ...get, namespace: "b" },
      ],
      onlyB: [{ ...get, namespace: "" }],
    },
  ],
  ["bare rules are compared with rules wherever they count", here, bare, { onlyA: [], onlyB: [] }],
])("%s", (_what, a, b, differences) => {
  expect(difference(a, b)).toEqual(differences);
});
