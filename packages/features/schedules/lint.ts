/** The way in for who checks files alone. */
export { findingsOf } from "./manifest.ts";
