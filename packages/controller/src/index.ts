export { compare, countsOf, declaredRules, references, type Comparison, type Count } from "./compare/compare.ts";
export { features, type Feature } from "./features.ts";
export { install, type InstallOptions } from "./install.ts";
export { controllerToken } from "./token.ts";
export { nodeFlags } from "./node-flags.ts";
export { defaultNamespace, grantsOf, type Grant, type GrantedRule } from "./grant.ts";
export { namesIn } from "./names.ts";
export { permissionsDoc, scopes } from "./permissions-doc.ts";
