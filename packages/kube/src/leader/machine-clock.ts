import { systemClock, type Clock } from "../clock/clock.ts";

/** Nanoseconds since some moment, on one clock for all threads and processes of a machine; nobody sets it forth or back. */
export function machineTime(): bigint {
  return process.hrtime.bigint();
}

/** The system's clock, but `monotonic` is the same in every thread: the usual one begins anew in each. */
export const machineClock: Clock = { ...systemClock, monotonic: () => Number(machineTime()) / 1e6 };
