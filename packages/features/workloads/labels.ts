/** Labels of the objects that sets are about. */
export const labels = {
  /** The set that an object is of. */
  set: "plimsoll.dev/workload-set",
  /** Of a ConfigMap: that sets may read manifests from it. */
  source: "plimsoll.dev/workload-source",
} as const;

/** Annotations of objects, and of the ConfigMaps that sets read from. */
export const annotations = {
  /** Of an object: the UID of the set that applied it, and a digest of what it applied. */
  applied: "plimsoll.dev/applied",
  /** Of an object, as it is written: those that are to be healthy before it is applied. */
  dependsOn: "plimsoll.dev/depends-on",
  /** Of a ConfigMap: the resources whose rights its writer is held to, with commas between them. */
  resources: "plimsoll.dev/workload-resources",
} as const;

/** By what the API server knows which fields are the sets'. */
export const fieldManager = "plimsoll-workloads";
