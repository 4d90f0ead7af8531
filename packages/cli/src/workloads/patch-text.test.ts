import { expect, test } from "vitest";
import { plain } from "../output/paint.ts";
import { patchText } from "./patch-text.ts";
import { shownText } from "./shown.ts";

const map = (a: string, metadata: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", ...metadata },
  data: { a },
});

test("what differs is shown as diff -u shows it, without what the API server or the set writes", () => {
  const live = map("1", {
    uid: "u",
    resourceVersion: "7",
    creationTimestamp: "2027-01-01T00:00:00Z",
    managedFields: [{}],
    ownerReferences: [{}],
    annotations: { "plimsoll.dev/applied": "u.1" },
    labels: { "plimsoll.dev/workload-set": "cli" },
  });
  const wanted = map("2", { labels: { "plimsoll.dev/workload-set": "cli" } });
  expect(patchText("ConfigMap/a", shownText(live), shownText(wanted), plain)).toBe(`--- live/ConfigMap/a
+++ set/ConfigMap/a
@@ -1,6 +1,6 @@
 apiVersion: v1
 data:
-  a: "1"
+  a: "2"
 kind: ConfigMap
 metadata:
   labels:`);
});

test("what is made or deleted is shown whole, and what is the same not at all", () => {
  const text = shownText(map("1"));
  expect(patchText("ConfigMap/a", "", text, plain).split("\n").slice(0, 4)).toEqual([
    "--- /dev/null",
    "+++ set/ConfigMap/a",
    "@@ -0,0 +1,6 @@",
    "+apiVersion: v1",
  ]);
  expect(patchText("ConfigMap/a", text, "", plain).split("\n").slice(0, 3)).toEqual([
    "--- live/ConfigMap/a",
    "+++ /dev/null",
    "@@ -1,6 +0,0 @@",
  ]);
  expect(patchText("ConfigMap/a", text, text, plain)).toBe("");
});
