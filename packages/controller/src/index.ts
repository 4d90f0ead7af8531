export { features } from "./features.ts";
export { install, type InstallOptions } from "./install.ts";
export { controllerToken } from "./token.ts";
export { nodeFlags } from "./node-flags.ts";
