import { risks } from "@plimsoll/permissions/risks";
import { expect, test } from "vitest";
import { podKindsIn } from "./pod-kinds.ts";

const gvk = (kind: string): object => ({ group: "example.com", version: "v1", kind });
const container = { items: { properties: { name: {}, image: {} } } };
const podSpec = { properties: { containers: container } };
const document = {
  paths: {
    "/apis/example.com/v1/namespaces/{namespace}/runs": { post: { "x-kubernetes-group-version-kind": gvk("Run") } },
    "/apis/example.com/v1/namespaces/{namespace}/runs/{name}": { get: {} },
    "/apis/example.com/v1/farms": { post: { "x-kubernetes-group-version-kind": gvk("Farm") } },
    "/apis/example.com/v1/notes": { post: { "x-kubernetes-group-version-kind": gvk("Note") } },
  },
  components: {
    schemas: {
      Run: { "x-kubernetes-group-version-kind": [gvk("Run")], properties: { spec: { properties: { steps: { items: podSpec } } } } },
      Farm: { "x-kubernetes-group-version-kind": [gvk("Farm")], properties: { template: podSpec } },
      Note: { "x-kubernetes-group-version-kind": [gvk("Note")], properties: { spec: { properties: { containers: { type: "array" } } } } },
    },
  },
};

test("a kind whose schema holds a pod somewhere makes pods of the writer's choice, and no other does", () => {
  const podKinds = podKindsIn("example.com", document);
  expect(podKinds).toEqual([
    { group: "example.com", resource: "runs", namespaced: true },
    { group: "example.com", resource: "farms", namespaced: false },
  ]);
  const writes = (resource: string) => [{ verbs: ["create"], apiGroups: ["example.com"], resources: [resource] }];
  expect(risks(writes("runs"), { podKinds }).map(({ id }) => id)).toEqual(["workloads-write"]);
  expect(risks(writes("notes"), { podKinds })).toEqual([]);
  expect(risks(writes("farms"), { podKinds }).map(({ id }) => id)).toEqual(["workloads-write"]);
  expect(risks(writes("farms"), { podKinds, namespace: "a" })).toEqual([]);
  expect(risks(writes("runs"))).toEqual([]);
});

test("what is no OpenAPI document has none", () => {
  expect(podKindsIn("example.com", undefined)).toEqual([]);
});
