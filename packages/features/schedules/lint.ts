/** The way in for who checks files alone. */
export { timingOf, type Timing } from "./cron/timing.ts";
export { findingsOf } from "./manifest.ts";
