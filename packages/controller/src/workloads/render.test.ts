import type { WorkloadSet } from "@plimsoll/api";
import { problemText } from "@plimsoll/api";
import { parseValue as language } from "@plimsoll/features/pipelines";
import { initialKinds, render, type SourceMap } from "@plimsoll/features/workloads";
import { expect, test } from "vitest";

const set = (spec: WorkloadSet["spec"]): WorkloadSet => ({
  apiVersion: "plimsoll.dev/v1alpha1",
  kind: "WorkloadSet",
  metadata: { namespace: "team", name: "web", uid: "u", generation: 1 },
  spec,
});
const map = (name: string, more: object = {}): Record<string, unknown> => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...more },
});
const deployment = (name: string, more: object = {}): Record<string, unknown> => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, ...more },
});
const rendered = (spec: WorkloadSet["spec"], source?: SourceMap) => render(set(spec), { language, kinds: initialKinds, source });
const problems = (spec: WorkloadSet["spec"], source?: SourceMap): string[] => {
  const found = rendered(spec, source);
  return "problems" in found ? found.problems.map(problemText) : [];
};
const desired = (spec: WorkloadSet["spec"], source?: SourceMap) => {
  const found = rendered(spec, source);
  if ("problems" in found) throw new Error(found.problems.map(problemText).join("\n"));
  return found.desired;
};

test("expressions know the params and the set, and give values of their types", () => {
  const [object] = desired({
    params: { replicas: 3, tag: "1.2" },
    manifests: [{ ...deployment("${{ set.name }}-a"), spec: { replicas: "${{ params.replicas }}", image: "web:${{ params.tag }}" } }],
  });
  expect(object?.object).toMatchObject({ metadata: { name: "web-a" }, spec: { replicas: 3, image: "web:1.2" } });
});

test.each<[string, Record<string, unknown>, string]>([
  [
    "another namespace",
    map("a", { namespace: "other" }),
    'metadata.namespace: is "other": a set\'s objects are in its own namespace, "team"; leave it out, or make a set there',
  ],
  ["no name", { apiVersion: "v1", kind: "ConfigMap", metadata: {} }, "metadata.name: is missing: give a text"],
  ["no metadata", { apiVersion: "v1", kind: "ConfigMap" }, "metadata: is missing: give a map"],
  [
    "a name that no object has",
    map("A_b"),
    'metadata.name: is "A_b": must be lower-case letters, digits, dashes and dots, and begin and end with a letter or a digit',
  ],
  ["a generated name", map("a", { generateName: "a-" }), "metadata.generateName: what is applied has a name of its own: give name"],
  ["what the API server writes", map("a", { uid: "x" }), "metadata.uid: is written by the API server or by the set: leave it out"],
  ["a label that is no text", map("a", { labels: { on: true } }), "metadata.labels.on: is true: must be a text: put it in quotes"],
  [
    "the set's own label",
    map("a", { labels: { "plimsoll.dev/workload-set": "b" } }),
    'metadata.labels["plimsoll.dev/workload-set"]: is the set\'s own: leave it out',
  ],
  ["a status", { ...map("a"), status: { phase: "x" } }, "status: is what the cluster has made of it: leave it out"],
  [
    "a kind by an expression",
    { ...map("a"), kind: "${{ params.kind }}" },
    "kind: an expression can't stand here: whose rights the object takes must be plain to see",
  ],
  [
    "a kind without a namespace",
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "a" }, rules: [] },
    "kind: a ClusterRole belongs to no namespace, and a set's objects to its own: leave it out, and apply it by other means",
  ],
  ["an unknown parameter", map("${{ params.nam }}"), 'metadata.name: `params.nam`: there is no "nam"'],
  ["an unknown variable", map("${{ param.name }}"), 'metadata.name: there is no "param": the expressions of a set know `params` and `set`'],
  ["an expression that isn't one", map("${{ 1 + }}"), "metadata.name: `1 +`: "],
])("an object with %s is refused, by its field", (_, manifest, message) => {
  const [found = ""] = problems({ params: { name: "a" }, manifests: [manifest] });
  expect(found.slice(0, message.length + 18)).toBe(`spec.manifests[0].${message}`);
});

test("a kind that the installation doesn't grant is refused with those that it does", () => {
  expect(problems({ manifests: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "a" } }] })).toEqual([
    expect.stringContaining(
      "spec.manifests[0].kind: Secret of v1 isn't one of the kinds that sets may hold here: add it to features.workloads.kinds",
    ),
  ]);
  expect(problems({ manifests: [{ ...deployment("a"), apiVersion: "apps/v1beta1" }] })).toHaveLength(1);
});

test("an object that is named twice is refused, and so is an empty status not", () => {
  expect(problems({ manifests: [map("a"), map("b"), map("a")] })).toEqual([
    "spec.manifests[2].metadata.name: ConfigMap/a is entry 0 already: name it once",
  ]);
  expect(desired({ manifests: [{ ...map("a", { creationTimestamp: null, namespace: "team" }), status: {} }] })[0]?.object).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
  });
});

const after = (names: string): object => ({ annotations: { "plimsoll.dev/depends-on": names } });

test("what others need comes first, whatever its kind", () => {
  const found = desired({ manifests: [map("late", after("Deployment/db, Deployment/web")), deployment("web"), deployment("db")] });
  expect(found.map(({ ref, rank, needs }) => [ref.name, rank, needs])).toEqual([
    ["late", 2, ["apps/Deployment/db", "apps/Deployment/web"]],
    ["web", 2, []],
    ["db", 2, []],
  ]);
});

test("needs that can't be met are refused", () => {
  expect(problems({ manifests: [map("a", after("Deployment/webb")), deployment("web")] })).toEqual([
    'spec.manifests[0].metadata.annotations["plimsoll.dev/depends-on"]: there is no Deployment/webb in the set; did you mean "Deployment/web"?: name others as KIND/NAME, with commas between them',
  ]);
  expect(problems({ manifests: [map("a", after("ConfigMap/a"))] })).toEqual([expect.stringContaining("an object can't wait for itself")]);
  expect(problems({ manifests: [map("a", after("ConfigMap/b")), map("b", after("ConfigMap/a"))] })).toEqual([
    expect.stringContaining("these wait for each other: ConfigMap/a, ConfigMap/b, ConfigMap/a"),
  ]);
});

const configMap = { name: "app", resources: ["configmaps", "deployments.apps"] };
const source = (text: string, resources = configMap.resources): SourceMap => ({
  namespace: "team",
  name: "app",
  version: "1",
  data: { "manifests.yaml": text },
  resources,
});
const text = JSON.stringify(map("a"));

test("manifests of a ConfigMap are read, one document each", () => {
  const found = desired({ source: { configMap } }, source(`${text}\n---\n# nothing\n---\n${JSON.stringify(deployment("b"))}`));
  expect(found.map(({ key }) => key)).toEqual(["/ConfigMap/a", "apps/Deployment/b"]);
});

test.each<[string, SourceMap | undefined, string]>([
  [
    "isn't there",
    undefined,
    'spec.source.configMap.name: there is no ConfigMap "app" with the label plimsoll.dev/workload-source in namespace "team": nothing is changed until there is',
  ],
  [
    "lacks a resource in its annotation",
    source(text, ["configmaps"]),
    'spec.source.configMap.resources: the annotation plimsoll.dev/workload-resources of ConfigMap "app" lacks deployments.apps: only who holds the rights for these may write it, so add them there',
  ],
  [
    "has no such key",
    { ...source(text), data: { other: "" } },
    'spec.source.configMap.key: ConfigMap "app" has no "manifests.yaml" in its data: it has other',
  ],
  ["holds no YAML", source("a: ["), "spec.source.configMap: manifests.yaml, line 1: not YAML: "],
  [
    "holds a kind that isn't listed",
    source(`${text}\n---\n${JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "s" } })}`),
    "spec.source.configMap: manifests.yaml, document 2, kind: is of services, which spec.source.configMap.resources doesn't list: add it there",
  ],
])("a ConfigMap that %s is refused", (_, found, message) => {
  const [first = ""] = problems({ source: { configMap } }, found);
  expect(first.slice(0, message.length)).toBe(message);
});

test("a set has manifests or a source", () => {
  expect(problems({})).toEqual(["spec: give either manifests or source"]);
  expect(problems({ manifests: [], source: { configMap } })).toEqual(["spec: give either manifests or source"]);
});

test("expressions on health are checked", () => {
  const kind = { apiVersion: "ray.io/v1", kind: "RayCluster" };
  expect(problems({ manifests: [], health: [{ ...kind, healthy: "object.status.state ==" }] })[0]).toMatch(/^spec\.health\[0\]: healthy: /);
  expect(problems({ manifests: [], health: [{ ...kind, failed: "status.x" }] })).toEqual([
    'spec.health[0]: failed: there is no "status": what is known here is `object`, as in object.status',
  ]);
  expect(problems({ manifests: [], health: [kind, kind] })).toEqual([
    "spec.health[1].kind: RayCluster of ray.io/v1 stands there twice: name it once",
  ]);
  expect(problems({ manifests: [], health: [{ apiVersion: "apps/v1", kind: "Deployment" }] })).toEqual([
    "spec.health[0].kind: when a Deployment is healthy is known: leave it out",
  ]);
});
