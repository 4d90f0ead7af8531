import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { SchedulesConfig } from "./config.ts";

/** All that the schedules feature may do, beside what is configured for further kinds. */
export const permissions = declare("schedules", [
  allow(["list", "watch"], "pipelineschedules.plimsoll.dev", "to see which schedules there are, and when they are due"),
  allow("get", "pipelineschedules.plimsoll.dev", "to read what the last leader wrote of a schedule, before anything is started for it"),
  allow("patch", "pipelineschedules.plimsoll.dev/status", "to say up to which time a schedule has been dealt with"),
  allow(["list", "watch"], "backfills.plimsoll.dev", "to see which backfills there are, and which are to be cancelled"),
  allow("get", "backfills.plimsoll.dev", "to read what the last leader wrote of a backfill, before anything is started for it"),
  allow("patch", "backfills.plimsoll.dev/status", "to say how far a backfill is"),
  allow(["list", "watch"], "pipelineruns.plimsoll.dev", "to see which runs of schedules go on, and how they have ended"),
  allow("get", "pipelineruns.plimsoll.dev", "to tell a schedule's run, made before a crash, from another of the same name"),
  allow("create", "pipelineruns.plimsoll.dev", "to start runs"),
  allow("patch", "pipelineruns.plimsoll.dev", "to cancel a run that another replaces, and those of a backfill that is cancelled"),
  allow("delete", "pipelineruns.plimsoll.dev", "to delete ended runs beyond those that a schedule keeps"),
]);

/** What the schedules are given to work with. */
export type SchedulesRuntime = RuntimeOf<typeof permissions, SchedulesConfig>;
