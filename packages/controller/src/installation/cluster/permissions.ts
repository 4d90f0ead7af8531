import { gate, type DeleteOptions, type ListOptions, type PatchOptions, type Sender } from "@plimsoll/kube";
import { catalogue, resourceOf } from "./catalogue.ts";
import type { LiveObject } from "../live-object.ts";

const { declare, allow } = gate(catalogue);
const verbs = ["get", "list", "patch", "create", "delete"] as const;

/** What installing Plimsoll takes: an administrator's rights. */
export const installPermissions = declare("install", [
  allow("create", "selfsubjectaccessreviews.authorization.k8s.io", "to say what is lacking before anything is written"),
  allow(["get", "patch", "create"], "customresourcedefinitions.apiextensions.k8s.io", "to define Plimsoll's kinds"),
  allow("delete", "customresourcedefinitions.apiextensions.k8s.io", "uninstall --delete-data"),
  allow(["get", "patch", "create"], "namespaces", "to make the controller's namespace"),
  allow("delete", "namespaces", "to take it away again, where nothing else is in it"),
  allow(verbs, "serviceaccounts", "to give the controller its identities", { in: "own" }),
  allow(verbs, "clusterroles.rbac.authorization.k8s.io", "to grant what the features declare, and no longer what they did"),
  allow(verbs, "clusterrolebindings.rbac.authorization.k8s.io", "to grant it to the controller"),
  allow(verbs, "roles.rbac.authorization.k8s.io", "to grant it in some namespaces alone"),
  allow(verbs, "rolebindings.rbac.authorization.k8s.io", "to grant it to the controller there"),
  allow(verbs, "validatingadmissionpolicies.admissionregistration.k8s.io", "admissionPolicy.create"),
  allow(verbs, "validatingadmissionpolicybindings.admissionregistration.k8s.io", "admissionPolicy.create"),
  allow(verbs, "deployments.apps", "the controller's pods", { in: "own" }),
  allow(verbs, "configmaps", "their configuration, the dashboard, and the values that were chosen", { in: "own" }),
  allow(verbs, "services", "to find the metrics", { in: "own" }),
  allow(verbs, "poddisruptionbudgets.policy", "to keep a pod while nodes are drained", { in: "own" }),
  allow(verbs, "networkpolicies.networking.k8s.io", "networkPolicy.create", { in: "own" }),
  allow(verbs, "servicemonitors.monitoring.coreos.com", "serviceMonitor.create", { in: "own" }),
  allow(verbs, "prometheusrules.monitoring.coreos.com", "prometheusRule.create", { in: "own" }),
]);

/** What it takes to see how an installation is. */
export const statusPermissions = declare("install-status", [
  allow(["get", "list"], "deployments.apps", "whether they are rolled out; which there are in the cluster"),
  allow("list", "pods", "why a pod isn't ready", { in: "own" }),
  allow("get", "pods/log", "the last words of one that crashes", { in: "own" }),
  allow("list", "events", "why a pod doesn't start", { in: "own" }),
  allow("list", "leases.coordination.k8s.io", "who leads", { in: "own" }),
  allow("list", "configmaps", "the configuration, and the values that were chosen", { in: "own" }),
  allow("list", "serviceaccounts", "whom an extension is for", { in: "own" }),
  allow("get", "customresourcedefinitions.apiextensions.k8s.io", "which versions of the kinds are served and stored"),
  allow("list", "clusterroles.rbac.authorization.k8s.io", "the extensions"),
]);

/** What it takes to name users' runs, and to delete what users made. */
export const dataPermissions = declare("uninstall", [
  allow(["list", "delete"], "pipelineruns.plimsoll.dev", "uninstall --delete-data; those under way are named"),
  allow(["list", "delete"], "pipelines.plimsoll.dev", "uninstall --delete-data"),
  allow(["list", "delete"], "pipelineschedules.plimsoll.dev", "uninstall --delete-data"),
  allow(["list", "delete"], "backfills.plimsoll.dev", "uninstall --delete-data"),
  allow(["list", "delete"], "workloadsets.plimsoll.dev", "uninstall --delete-data"),
  allow(["list", "delete"], "rightsizingpolicies.plimsoll.dev", "uninstall --delete-data"),
  allow(["list", "delete"], "drains.plimsoll.dev", "uninstall --delete-data"),
  allow("list", "pods", "to wait until the runs' are gone"),
]);

/** A client of what an installation in a namespace consists of. */
export function installClient(sender: Sender, namespace: string) {
  return installPermissions.client(sender, { own: namespace });
}

export type InstallClient = ReturnType<typeof installClient>;

/** What reads how an installation is. */
export type StatusClient = ReturnType<typeof statusPermissions.client>;

/** What is done to an object whatever its kind. */
export interface AnyMethods {
  get(ref: Reference): Promise<LiveObject>;
  list(options?: ListOptions): AsyncIterable<LiveObject>;
  patch(ref: Reference, patch: object, options: PatchOptions): Promise<LiveObject>;
  delete(ref: Reference, options?: DeleteOptions): Promise<void>;
}

/** Which object of a kind. */
export interface Reference {
  name: string;
  namespace?: string | undefined;
}

/** The methods for objects of a kind, whose name is known when running alone. */
export function ofKind(client: InstallClient, kind: string): AnyMethods {
  return client(resourceOf(kind)) as unknown as AnyMethods;
}

/** The name and namespace of an object, and nothing else of its metadata. */
export function referenceOf({ metadata: { name, namespace } }: { metadata: Reference }): Reference {
  return { name, ...(namespace !== undefined && { namespace }) };
}
