import { builtin, eventPermissions, gate, leaderPermissions, type Sender } from "@plimsoll/kube";

const { declare, allow } = gate(builtin);

/** The Lease of which each updater at work has hold. */
export const updaterLease = "plimsoll-updater";

/** The ConfigMap in which it remembers what it has begun, and what has failed. */
export const stateName = "plimsoll-updater-state";

/** What the updater is dealing with. */
export interface Names {
  deployments: readonly string[];
  /** Of the controller's processes. */
  leases: readonly string[];
  /** The updater's own Role in its namespace, and its ClusterRole. */
  role: string;
  clusterRole: string;
}

const rbac = "rbac.authorization.k8s.io";
const own = { in: "own" } as const;

/** What the updater itself does; what Helm does beside it, as the same ServiceAccount, is in the chart's role for it. */
export function updaterPermissions({ deployments, leases, role, clusterRole }: Names) {
  return declare("updater", [
    allow("list", "secrets", "to see which revisions of the release there are, and what is in them: Helm keeps them in Secrets", own),
    allow(["get", "patch", "create"], "configmaps", "to remember what was begun and what has failed", { ...own, names: [stateName] }),
    allow("get", "deployments.apps", "to see whether a release runs", { ...own, names: deployments }),
    allow("patch", "deployments.apps/status", "to say there what came of the last look", { ...own, names: deployments }),
    allow("list", "pods", "to see whether the pods of a release are ready, and of which image they are", own),
    allow("get", "leases.coordination.k8s.io", "to see that a pod of the new release leads", { ...own, names: leases }),
    allow("get", "jobs.batch", "to know when the window for changes opened", own),
    allow("create", "selfsubjectrulesreviews.authorization.k8s.io", "to know what it may do, and so what a release wants more"),
    allow("patch", `roles.${rbac}`, "to take the rights that a new release's objects need, where it may escalate", {
      ...own,
      names: [role],
    }),
    allow("patch", `clusterroles.${rbac}`, "to take them for objects that have no namespace", { names: [clusterRole] }),
  ]);
}

export type UpdaterClient = ReturnType<ReturnType<typeof updaterPermissions>["client"]>;

/** All rules of the updater's own calls, of the election and of the events among them. */
export function updaterRules(names: Names) {
  return [...updaterPermissions(names).rules, ...leaderPermissions(updaterLease).rules, ...eventPermissions.rules];
}

export function updaterClient(sender: Sender, names: Names, namespace: string): UpdaterClient {
  return updaterPermissions(names).client(sender, { own: namespace });
}
