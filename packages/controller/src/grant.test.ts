import type { DeclaredRule, Scope } from "@plimsoll/kube";
import { expect, test } from "vitest";
import { grantsOf, grantsTo } from "./grant.ts";

const rule = (resource: string, scope: Scope): DeclaredRule => ({
  apiGroups: [""],
  resources: [resource],
  verbs: ["get"],
  scope,
  reason: `to read ${resource}`,
});
const features = [
  { name: "draining", rules: [rule("nodes", "cluster"), rule("pods", "chosen"), rule("configmaps", "own")] },
  { name: "pipelines", rules: [rule("jobs", "chosen")] },
];
const summary = (options: Parameters<typeof grantsTo>[1]): string[] =>
  grantsTo(features, options).map(
    ({ role, namespace = "*", rules }) =>
      `${role} in ${namespace}: ${rules.map(({ feature, resources }) => `${feature}/${resources.join()}`).join(" ")}`,
  );

test("without namespaces everything but the controller's own namespace is one ClusterRole", () => {
  expect(summary({})).toEqual([
    "plimsoll in *: events/events draining/nodes draining/pods pipelines/jobs",
    "plimsoll in plimsoll-system: leader-election/leases leader-election/leases draining/configmaps",
  ]);
});

test("chosen namespaces get Roles, and only what has to be stays in the ClusterRole", () => {
  expect(summary({ namespaces: ["a", "home"], namespace: "home" })).toEqual([
    "plimsoll:home in *: draining/nodes",
    "plimsoll:home in home: leader-election/leases leader-election/leases events/events draining/pods draining/configmaps pipelines/jobs",
    "plimsoll:home in a: events/events draining/pods pipelines/jobs",
  ]);
});

test("a feature with namespaces of its own is granted what it declares there alone, and what every process does wherever one of its features works", () => {
  const [draining, pipelines] = features;
  const held = [draining, { ...pipelines, chosen: ["b"] }] as never;
  const inPlaces = (options: Parameters<typeof grantsTo>[1]): string[] =>
    grantsTo(held, options).map(
      ({ role, namespace = "*", rules }) => `${role} in ${namespace}: ${rules.map(({ resources }) => resources.join()).join(" ")}`,
    );
  expect(inPlaces({})).toEqual([
    "plimsoll in *: events nodes pods",
    "plimsoll in plimsoll-system: leases leases configmaps",
    "plimsoll in b: jobs",
  ]);
  expect(inPlaces({ isolation: "feature" })).toEqual([
    "plimsoll-draining in *: events nodes pods",
    "plimsoll-draining in plimsoll-system: leases leases configmaps",
    "plimsoll-pipelines in plimsoll-system: leases leases",
    "plimsoll-pipelines in b: events jobs",
  ]);
});

test("who records no events may write none, unless another in the same process does, where that works", () => {
  const [draining, pipelines] = features;
  const silent = [
    { ...draining, isSilent: true },
    { ...pipelines, chosen: ["b"] },
  ] as never;
  const inPlaces = (options: Parameters<typeof grantsTo>[1]): string[] =>
    grantsTo(silent, options).map(
      ({ role, namespace = "*", rules }) => `${role} in ${namespace}: ${rules.map(({ resources }) => resources.join()).join(" ")}`,
    );
  expect(inPlaces({})).toEqual([
    "plimsoll in *: nodes pods",
    "plimsoll in plimsoll-system: leases leases configmaps",
    "plimsoll in b: events jobs",
  ]);
  expect(inPlaces({ isolation: "feature" }).slice(0, 2)).toEqual([
    "plimsoll-draining in *: nodes pods",
    "plimsoll-draining in plimsoll-system: leases leases configmaps",
  ]);
});

test("the inventory alone reads, and writes nothing but its Lease", () => {
  for (const isolation of ["shared", "feature"] as const) {
    const granted = grantsOf({ features: ["inventory"], isolation });
    const writes = granted.flatMap(({ rules }) =>
      rules.filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb))),
    );
    expect(writes.map(({ resources }) => resources.join())).toEqual(["leases", "leases"]);
  }
});

test("what a feature's configuration has no need of isn't granted", () => {
  const granted = (spark: Record<string, unknown>): string[] =>
    grantsOf({ features: ["spark"], config: { spark } }).flatMap(({ rules }) => rules.flatMap(({ resources }) => resources));
  expect(granted({})).toContain("networkpolicies");
  expect(granted({ networkPolicy: false })).not.toContain("networkpolicies");
  expect(granted({ networkPolicy: false })).toContain("pods");
  expect(granted({ mode: "operator" })).toEqual(["sparkapplications", "leases", "leases"]);
});

test("isolated features have an account each, with their own rules alone, and stand for a Lease of their own", () => {
  expect(summary({ isolation: "feature", namespaces: ["a"] })).toEqual([
    "plimsoll-draining in *: draining/nodes",
    "plimsoll-draining in plimsoll-system: leader-election/leases leader-election/leases draining/configmaps",
    "plimsoll-draining in a: events/events draining/pods",
    "plimsoll-pipelines in plimsoll-system: leader-election/leases leader-election/leases",
    "plimsoll-pipelines in a: events/events pipelines/jobs",
  ]);
  const leases = grantsTo(features, { isolation: "feature" }).flatMap(({ rules }) =>
    rules.flatMap(({ resourceNames = [] }) => resourceNames),
  );
  expect(leases).toEqual(["plimsoll-draining", "plimsoll-pipelines"]);
});

test("the processes stand for the Lease that they are told of", () => {
  const named = grantsTo(features, { lease: "other" }).flatMap(({ rules }) => rules.flatMap(({ resourceNames = [] }) => resourceNames));
  expect(named).toEqual(["other"]);
});

test("a feature that there is none of is refused with those that there are", () => {
  expect(() => grantsOf({ features: ["pipeline"] })).toThrow('there is no feature "pipeline": the features are pipelines');
});

test("what cannot be a namespace's name is refused", () => {
  expect(() => grantsOf({ namespaces: ["a", "Bad Name"] })).toThrow('"Bad Name" is not the name of a namespace');
  expect(() => grantsOf({ namespace: "" })).toThrow('"" is not the name of a namespace');
});

test("two installations never share a role's name", () => {
  const names = (options: Parameters<typeof grantsTo>[1]): Set<string> => new Set(grantsTo(features, options).map(({ role }) => role));
  expect(names({ isolation: "feature" }).isDisjointFrom(names({ namespace: "pipelines" }))).toBe(true);
});
