import { expect, test } from "vitest";
import { parse } from "yaml";
import { crds } from "./crd.ts";
import { crdText } from "./generated.ts";
import type { Schema } from "./structural.ts";

const kinds = crds().map((crd): [kind: string, schema: Schema] => [
  crd.spec.names.kind,
  crd.spec.versions[0]?.schema.openAPIV3Schema ?? {},
]);

/** Every node of a schema with its path. */
function* nodes(schema: Schema, path: string): Generator<[path: string, schema: Schema]> {
  yield [path, schema];
  for (const [name, field] of Object.entries(schema.properties ?? {})) yield* nodes(field, `${path}.${name}`);
  if (schema.items) yield* nodes(schema.items, `${path}[]`);
  if (schema.additionalProperties) yield* nodes(schema.additionalProperties, `${path}{}`);
}

test.each(kinds)("the schema of %s is structural: each node has one type, or says why it has none", (kind, schema) => {
  const untyped = [...nodes(schema, kind)].filter(
    ([, node]) => typeof node.type !== "string" && !node["x-kubernetes-preserve-unknown-fields"] && !node["x-kubernetes-int-or-string"],
  );
  expect(untyped).toEqual([]);
  const forbidden = [...nodes(schema, kind)].filter(([, node]) =>
    ["$ref", "$defs", "oneOf", "allOf", "not", "const", "propertyNames", "exclusiveMinimum"].some((key) => key in node),
  );
  expect(forbidden).toEqual([]);
});

test.each(kinds)("every field of %s says what it is", (kind, schema) => {
  const { spec, status } = schema.properties ?? {};
  const fields = [spec, status].flatMap((part) => (part ? [...nodes(part, kind)] : []));
  const silent = fields.filter(([path, node]) => !/(\[\]|\{\})$/.test(path) && node.description === undefined);
  expect(silent.map(([path]) => path)).toEqual([]);
});

test.each(kinds)("every list and string of %s's spec that a rule may visit has a greatest length", (kind, schema) => {
  const unbounded = [...nodes(schema.properties?.["spec"] ?? {}, kind)].filter(
    ([path, node]) => node.type === "array" && node["maxItems"] === undefined && !path.includes("{}"),
  );
  expect(unbounded.map(([path]) => path)).toEqual([]);
});

test("a run's steps have no rules of their own, which would be evaluated at every write of a status", () => {
  const run = kinds.find(([kind]) => kind === "PipelineRun")?.[1] ?? {};
  const withRules = [...nodes(run, "")].filter(([, node]) => "x-kubernetes-validations" in node).map(([path]) => path);
  expect(withRules).toEqual(["", ".spec"]);
  expect(JSON.stringify(run["x-kubernetes-validations"])).toContain("give script or command, not both");
});

test.each(crds().map((crd) => [crd.metadata.name, crd] as const))(
  "%s in YAML is the same to what reads YAML 1.1, as kubectl does",
  (_, crd) => {
    expect(parse(crdText(crd), { version: "1.1" })).toEqual(crd);
  },
);
