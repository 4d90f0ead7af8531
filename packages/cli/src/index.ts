export { formatDag } from "./dag.ts";
export { follow, type View } from "./follow.ts";
export { paintFor } from "./paint.ts";
