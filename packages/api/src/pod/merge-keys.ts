/** By which field the entries of a pod's lists are told apart in a strategic merge patch (k8s.io/api/core/v1); other lists are replaced whole. */
const mergeKeys = new Map([
  ["spec.containers", "name"],
  ["spec.ephemeralContainers", "name"],
  ["spec.hostAliases", "ip"],
  ["spec.imagePullSecrets", "name"],
  ["spec.initContainers", "name"],
  ["spec.resourceClaims", "name"],
  ["spec.schedulingGates", "name"],
  ["spec.topologySpreadConstraints", "topologyKey"],
  ["spec.volumes", "name"],
  ...["spec.containers", "spec.ephemeralContainers", "spec.initContainers"].flatMap((list): [string, string][] => [
    [`${list}.env`, "name"],
    [`${list}.ports`, "containerPort"],
    [`${list}.volumeDevices`, "devicePath"],
    [`${list}.volumeMounts`, "mountPath"],
  ]),
]);

/** The merge key of the list at a path of field names, without places: `["spec", "containers", "env"]`. */
export function mergeKeyOf(fields: readonly string[]): string | undefined {
  return mergeKeys.get(fields.join("."));
}
