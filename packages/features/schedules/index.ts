export { parseCron } from "./cron/expression.ts";
export { robfigNext } from "./cron/robfig.ts";
export { timingOf, type Timing } from "./cron/timing.ts";
export { zoneOf } from "./cron/zone.ts";
export { schedulesWith } from "./feature.ts";
export { default as proof } from "./proof.json" with { type: "json" };
