export { formatDag } from "./runs/dag.ts";
export { follow, type View } from "./runs/follow.ts";
export { paintFor } from "./output/paint.ts";
