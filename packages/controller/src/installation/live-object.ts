/** An object of the cluster, as far as installing looks at it. */
export interface LiveObject {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
    managedFields?: ManagedFields[];
    ownerReferences?: object[];
  };
}

/** Who set which fields. */
export interface ManagedFields {
  manager?: string | undefined;
  operation?: string | undefined;
  fieldsV1?: unknown;
}

/** An object in words, as in `ClusterRole plimsoll` or `ConfigMap plimsoll-system/plimsoll`. */
export function titleOf({ kind = "", metadata: { name, namespace } }: Titled): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

interface Titled {
  kind?: string | undefined;
  metadata: { name: string; namespace?: string | undefined };
}
