export { features } from "./features.ts";
export { install, serviceAccount } from "./install.ts";
export { controllerToken } from "./token.ts";
export { nodeFlags } from "./node-flags.ts";
