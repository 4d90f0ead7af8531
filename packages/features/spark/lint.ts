/** The way in for who checks files alone. */
export { problemsOf } from "./manifest.ts";
