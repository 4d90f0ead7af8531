import { expect, test } from "vitest";
import { isMade } from "./made.ts";

const labels = { "f:metadata": { "f:labels": { "f:plimsoll.dev/installation": {} } } };
const entry = (manager: string, operation = "Apply", fieldsV1: unknown = labels) => ({ manager, operation, fieldsV1 });

test.each<[what: string, fields: Parameters<typeof isMade>[0]["metadata"]["managedFields"], expected: boolean]>([
  ["plimsoll has applied", [entry("kubectl-edit", "Update", {}), entry("plimsoll-install")], true],
  ["kubectl has applied in the server", [entry("kubectl")], true],
  ["somebody has created from a copy", [entry("kubectl-create", "Update")], false],
  ["somebody has labelled", [entry("plimsoll-install", "Apply", { "f:data": {} }), entry("kubectl-label", "Update")], false],
  ["something else has applied", [entry("kustomize-controller")], false],
  ["nobody knows who has made", undefined, false],
])("what %s: whether it is the installation's", (_, managedFields, expected) => {
  expect(isMade({ metadata: { managedFields } })).toBe(expected);
});
