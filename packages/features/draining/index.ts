export { draining } from "./feature.ts";
export { permissions } from "./permissions.ts";
export * from "./plan/index.ts";
