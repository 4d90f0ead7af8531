export { decide, suspectsOf, type Breaker, type Decision } from "./decide.ts";
export { cleanup } from "./feature.ts";
export { permissions } from "./permissions.ts";
