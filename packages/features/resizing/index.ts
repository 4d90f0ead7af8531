export { resizingWith } from "./feature.ts";
export { type RecurrenceOf } from "./decide/window.ts";
