import type { Drain } from "@plimsoll/api";
import { budgetOf, Cluster, nodeOf, podOf } from "@plimsoll/model";
import { expect, test } from "vitest";
import type { ClusterNow } from "./cluster-now.ts";
import { fatesOf, formatFates } from "./dry-run.ts";

const pod = (name: string, spec: object = {}, metadata: object = {}) =>
  podOf({
    metadata: { namespace: "shop", name, uid: name, labels: { app: name }, ...metadata },
    spec: { nodeName: "a", containers: [{ name: "c" }], ...spec },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  });
const owned = { ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "r", controller: true }] };

const heldBudget = budgetOf({
  metadata: { namespace: "shop", name: "held", uid: "held" },
  spec: { maxUnavailable: 0, selector: { matchLabels: { app: "held" } } },
  status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
} as never);

test.each([
  [pod("bare"), /has no controller that would make it again: --force evicts it all the same$/],
  [
    pod("data", { volumes: [{ name: "cache", emptyDir: {} }] }, owned),
    /cache \(emptyDir\).*: --delete-emptydir-data evicts it all the same$/,
  ],
  [pod("held", {}, owned), /which allows none to be missing: allow one to be missing, or take the budget away$/],
  [
    pod("big", { containers: [{ name: "c", resources: { requests: { cpu: "64" } } }] }, owned),
    /: add a node, or take some out of the Drain$/,
  ],
])("what would not go is told with the way out, as by the Drain itself", (kept, what) => {
  const cluster = new Cluster();
  for (const name of ["a", "b"])
    cluster.setNode(nodeOf({ metadata: { name, uid: name }, status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } } }));
  cluster.setPod(kept);
  const spec: Drain["spec"] = { nodes: ["a"] };
  const now: ClusterNow = { cluster, budgets: () => [heldBudget] };
  const fates = fatesOf({ spec } as Drain, ["a"], now, Date.now());
  const [table = ""] = formatFates(fates, ["a"], spec, (_, text) => text);
  expect(table.split("\n").at(-1)).toMatch(/^stays /);
  expect(table.split("\n").at(-1)).toMatch(what);
});
