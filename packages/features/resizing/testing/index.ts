export { Trial } from "./trial.ts";
