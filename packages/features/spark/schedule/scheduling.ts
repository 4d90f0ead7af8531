import type { Problem } from "@plimsoll/api";

/** A run of a schedule, as far as it is decided by. */
export interface Run {
  name: string;
  namespace: string;
  uid: string;
  /** The time that it is for; milliseconds since 1970. */
  time: number;
  phase: "active" | "succeeded" | "failed" | "cancelled";
  isEnding: boolean;
}

/** When a schedule's runs are due. Times are milliseconds since 1970. */
export interface Timing {
  next: (after: number) => number | undefined;
}

/** What is decided by. */
export interface Plan<T extends Timing> {
  timing: T;
  isSuspended: boolean;
  concurrency: "Allow" | "Forbid" | "Replace";
  history: { succeeded: number; failed: number };
  /** Up to here all has been dealt with. */
  lastTime: number;
  runs: readonly Run[];
  now: number;
}

/** What is to be done, in this order. */
export interface Step {
  end: readonly Run[];
  /** The times for which a run is to be made. */
  start: readonly number[];
  lastTime: number;
  remove: readonly Run[];
  /** When to decide again; Infinity: never. */
  wake: number;
}

/** How schedules are carried out: another feature's, handed over in the wiring list. */
export interface Scheduling<T extends Timing = Timing> {
  timingOf: (schedule: { cron: string; timeZone?: string | undefined }) => { timing: T } | { problems: readonly Problem[] };
  decide: (plan: Plan<T>) => Step;
  /** The name of a run for a time. */
  runName: (schedule: string, time: number) => string;
}
