export { resizingWith } from "./feature.ts";
export { openness, type RecurrenceOf } from "./decide/window.ts";
