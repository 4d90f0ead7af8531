export { resizeOf } from "../observe/resize.ts";
export { Trial } from "./trial.ts";
