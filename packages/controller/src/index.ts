export { compare, countsOf, declaredRules, references, type Comparison, type Count } from "./compare/compare.ts";
export { features } from "./features.ts";
export { FeatureError, Host, type Chosen, type HostOptions } from "./runtime/host.ts";
export { install, type InstallOptions } from "./install.ts";
export { controllerToken } from "./token.ts";
export { nodeFlags } from "./node-flags.ts";
export { defaultNamespace, grantsOf, type Grant, type GrantedRule } from "./grant.ts";
export { namesIn } from "./names.ts";
export { permissionsDoc, scopes } from "./permissions-doc.ts";
