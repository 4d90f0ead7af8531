export { csr } from "./feature.ts";
export { permissions } from "./permissions.ts";
