import { expect, test } from "vitest";
import * as z from "zod";
import { judged } from "./judged.ts";
import { readRoles } from "../sources/role-file.ts";
import { sarifOf } from "./sarif.ts";

// Of the SARIF 2.1.0 schema what is used here: required properties, formats, and that no object has properties of its own making.
const text = z.strictObject({ text: z.string().min(1), markdown: z.string().optional() });
const level = z.enum(["none", "note", "warning", "error"]);
const descriptor = z.strictObject({
  id: z.string(),
  name: z.string().max(255),
  shortDescription: text,
  fullDescription: text,
  help: text,
  helpUri: z.url(),
  defaultConfiguration: z.strictObject({ level }),
  properties: z.looseObject({
    "security-severity": z.string().regex(/^(10|\d)\.\d$/),
    tags: z.array(z.string()).refine((tags) => tags.includes("security")),
  }),
});
const location = z.strictObject({
  id: z.int().min(0).optional(),
  message: text.optional(),
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w\-.~:/%]+$/), uriBaseId: z.literal("%SRCROOT%").optional() }),
    region: z.strictObject({ startLine: z.int().min(1) }).optional(),
  }),
  logicalLocations: z.array(z.strictObject({ name: z.string(), fullyQualifiedName: z.string(), kind: z.string() })),
});
const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(0),
  level,
  message: text,
  // Code scanning shows the first and refuses a result with none.
  locations: z.array(location).length(1),
  relatedLocations: z.array(location).optional(),
});
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({ driver: z.strictObject({ name: z.string(), semanticVersion: z.string(), rules: z.array(descriptor) }) }),
      results: z.array(result),
      columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
    }),
  ),
});

function sarifOfText(source: string, text: string) {
  const [run] = sarif.parse(sarifOf(judged(readRoles(source, text).roles, []).found, { version: "1.2.3", folder: "/repo" })).runs;
  return { rules: run?.tool.driver.rules ?? [], results: run?.results ?? [] };
}

const roles = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a}
rules:
  - {apiGroups: [""], resources: [secrets], verbs: [get]}
  - {apiGroups: [""], resources: [pods], verbs: [create]}
  - {apiGroups: [""], resources: [pods/log], verbs: [get]}
`;

test("a log has the form that the standard and code scanning ask for, with each finding at the line of its rule", () => {
  const { rules, results } = sarifOfText("deploy/my roles.yaml", roles);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex]?.id).toBe(ruleId);
  const at = (id: string) => results.find(({ ruleId }) => ruleId === id)?.locations[0]?.physicalLocation;
  expect(at("secrets-read")).toEqual({
    artifactLocation: { uri: "deploy/my%20roles.yaml", uriBaseId: "%SRCROOT%" },
    region: { startLine: 5 },
  });
  expect(at("pods-logs")?.region).toEqual({ startLine: 7 });
});

test("a finding of several rules stands at the first and names the others", () => {
  const both = sarifOfText("a.yaml", roles).results.find(({ ruleId }) => ruleId === "pods-and-secrets");
  expect(
    [...(both?.locations ?? []), ...(both?.relatedLocations ?? [])].map(({ physicalLocation }) => physicalLocation.region?.startLine),
  ).toEqual([5, 6]);
});

test("severities become the levels and the scores that GitHub turns back into them", () => {
  const { rules } = sarifOfText("a.yaml", roles);
  const of = (id: string) => rules.find((rule) => rule.id === id);
  expect(of("secrets-read")).toMatchObject({ defaultConfiguration: { level: "error" }, properties: { "security-severity": "8.0" } });
  expect(of("pods-logs")).toMatchObject({ defaultConfiguration: { level: "note" }, properties: { "security-severity": "2.0" } });
});

test("paths are relative to the folder where they are within it, and standard input has a name", () => {
  const uri = (source: string) => sarifOfText(source, roles).results[0]?.locations[0]?.physicalLocation.artifactLocation;
  expect(uri("/repo/deploy/a.yaml")).toEqual({ uri: "deploy/a.yaml", uriBaseId: "%SRCROOT%" });
  expect(uri("/elsewhere/a.yaml")).toEqual({ uri: "file:///elsewhere/a.yaml" });
  expect(uri("-")).toEqual({ uri: "stdin" });
});

test("nothing found is a log without results, which closes earlier alerts", () => {
  expect(sarifOfText("a.yaml", "rules: []\n")).toEqual({ rules: [], results: [] });
});
