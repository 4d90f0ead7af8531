export type { FieldChange } from "./changes.ts";
export { chartFiles } from "./chart.ts";
export { applyPlan } from "./cluster/apply.ts";
export { accountsOf, addExtension, extensionPermissions, readExtensions, removeExtension, type Extension } from "./cluster/extensions.ts";
export { processesIn, readInstalled, type Elsewhere, type Installed } from "./cluster/installed.ts";
export { installPermissions, statusPermissions, type StatusClient } from "./cluster/permissions.ts";
export { planOf, type Change, type Plan } from "./cluster/plan.ts";
export { rolledOut } from "./cluster/rollouts.ts";
export { statusOf, type InstallationStatus } from "./cluster/status.ts";
export {
  removalOf,
  removeData,
  removeInstallation,
  removeKinds,
  removeNamespace,
  runsUnderWay,
  sparkKinds,
  type Removal,
} from "./cluster/uninstall.ts";
export { completeObjects, valuesName } from "./objects/complete.ts";
export { InstallationError } from "./failure.ts";
export type { Rollout } from "./health.ts";
export type { Installation } from "./installation.ts";
export { titleOf } from "./live-object.ts";
export { completeValues, givenValues, helmOnly, type ValueSources } from "./values/merge-values.ts";
export type { KubernetesObject } from "./objects/metadata.ts";
export { objectsOf, type InstalledObject } from "./objects/objects.ts";
export { helmReleaseOf } from "./owner.ts";
export { readValues } from "./values/read-values.ts";
export { autoUpdateKeys, valuesSchema, type Values } from "./values/values.ts";
