import { labelsOf } from "../../roles.ts";

/** An object of an installation. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: Record<string, string>; annotations?: Record<string, string> };
}

/** The metadata of an object of the installation in a namespace. */
export function metadataOf(name: string, namespace: string): KubernetesObject["metadata"] & { namespace: string } {
  return { name, namespace, labels: labelsOf(namespace) };
}
