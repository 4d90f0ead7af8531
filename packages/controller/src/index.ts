export {
  compare,
  countsOf,
  declaredRules,
  references,
  sectionCountsOf,
  type Comparison,
  type Count,
  type SectionCount,
} from "./compare/compare.ts";
export { coreParts, defaultLease, parts } from "./core/parts.ts";
export { features } from "./features.ts";
export { FeatureError } from "./runtime/feature-error.ts";
export { Host, type Chosen, type HostOptions } from "./runtime/host.ts";
export { install, type InstallOptions } from "./installation/cluster/install.ts";
export { controllerToken } from "./token.ts";
export { nodeFlags } from "./node-flags.ts";
export { clusterName, defaultNamespace, grantsOf, type Grant, type GrantedRule } from "./grant.ts";
export { namesIn } from "./names.ts";
export { permissionsDoc, placeOf } from "./permissions-doc.ts";
