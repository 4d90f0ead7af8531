import { expect, test } from "vitest";
import { isMade, isOursAlone } from "./made.ts";

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

const kind = entry("plimsoll-install", "Apply", { "f:metadata": { "f:labels": { "f:app.kubernetes.io/name": {} } }, "f:spec": {} });

test.each<[what: string, metadata: Parameters<typeof isOursAlone>[0]["metadata"], expected: boolean]>([
  ["plimsoll has defined alone", { managedFields: [kind, entry("kube-apiserver", "Update", {})] }, true],
  ["somebody has changed, too", { managedFields: [kind, entry("kubectl-edit", "Update", { "f:spec": {} })] }, false],
  ["somebody else has applied, too", { managedFields: [kind, entry("argocd-controller", "Apply", {})] }, false],
  ["somebody else has defined", { managedFields: [entry("helm", "Update", {}), entry("kube-apiserver", "Update", {})] }, false],
  ["somebody else owns", { managedFields: [kind], ownerReferences: [{}] }, false],
  ["a release of Helm's has taken over", { managedFields: [kind], annotations: { "meta.helm.sh/release-name": "spark" } }, false],
  ["nobody knows who has defined", {}, false],
])("a kind that %s: whether it goes with the data", (_, metadata, expected) => {
  expect(isOursAlone({ metadata })).toBe(expected);
});
