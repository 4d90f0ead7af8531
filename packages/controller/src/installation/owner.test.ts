import { expect, test } from "vitest";
import { helmRefusal } from "./owner.ts";

const helm = { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "a" };
const object = (kind: string, metadata: object) => ({ kind, metadata: { name: "x", uid: "u", ...metadata } });

test("what a Helm release owns is left to Helm, with the command that changes it", () => {
  expect(helmRefusal("a", [object("Role", { namespace: "a" }), object("Role", { namespace: "a", annotations: helm })])).toBe(
    "Role a/x belongs to the Helm release web in namespace a, and is changed by Helm alone: helm upgrade web CHART -n a --reset-then-reuse-values --set KEY=VALUE",
  );
  expect(helmRefusal("a", [object("Role", { labels: { "app.kubernetes.io/managed-by": "Helm" } })])).toMatch(/helm upgrade RELEASE/);
  expect(helmRefusal("a", [object("Role", { labels: { "app.kubernetes.io/managed-by": "plimsoll" } })])).toBeUndefined();
});

test("kinds that another release keeps up can be left out", () => {
  expect(helmRefusal("b", [object("CustomResourceDefinition", { annotations: helm })])).toMatch(/--set crds\.create=false$/);
});
