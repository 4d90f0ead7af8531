export { compact } from "./compact.ts";
export { maximal } from "./maximal.ts";
