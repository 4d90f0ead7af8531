import { stringify } from "yaml";
import { installationLabel } from "../../roles.ts";
import type { Installation } from "../installation.ts";
import { metadataOf, type KubernetesObject } from "./metadata.ts";
import { objectsOf, type InstalledObject } from "./objects.ts";

/** The label that says who keeps an object up, and its value for what isn't Helm's. */
export const managedBy = { "app.kubernetes.io/managed-by": "plimsoll" };

/** The field manager of everything that is installed. */
export const fieldManager = "plimsoll-install";

/** Where the values in use are kept, with the version. */
export const valuesName = "plimsoll-values";

/** An installation without Helm; `given` are the values as the user gave them, without defaults. */
export interface OwnInstallation extends Installation {
  given: object;
}

/** All that `plimsoll install` puts into a cluster, in the order in which to apply it: the values in use come last. */
export function completeObjects({ given, ...installation }: OwnInstallation): InstalledObject[] {
  const { namespace, version } = installation;
  const plain = (object: KubernetesObject): InstalledObject => ({ object, comments: [] });
  return [plain(namespaceOf(namespace)), ...objectsOf(installation), plain(valuesMap(given, namespace, version))].map(
    ({ object, comments }) => ({ object: ours(object), comments }),
  );
}

/** An object as what is installed without Helm: Helm refuses to take it. */
export function ours<T extends { metadata: object }>(object: T): T {
  const { metadata } = object;
  const labels = "labels" in metadata && typeof metadata.labels === "object" ? metadata.labels : {};
  return { ...object, metadata: { ...metadata, labels: { ...labels, ...managedBy } } };
}

/** The namespace as it is made where it's missing. */
export function namespaceOf(name: string): KubernetesObject {
  const labels = { [installationLabel]: name, "pod-security.kubernetes.io/enforce": "restricted" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function valuesMap(given: object, namespace: string, version: string): KubernetesObject {
  const data = { version, "values.yaml": stringify(given, { lineWidth: 0, compat: "yaml-1.1" }) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: metadataOf(valuesName, namespace), data } as KubernetesObject;
}
