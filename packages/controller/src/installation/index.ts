export { chartFiles } from "./chart.ts";
export type { Installation } from "./installation.ts";
export type { KubernetesObject } from "./metadata.ts";
export { objectsOf, type InstalledObject } from "./objects.ts";
export { readValues } from "./read-values.ts";
export { autoUpdateKeys, valuesSchema, type Values } from "./values.ts";
