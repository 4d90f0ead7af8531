import type { RunStatus } from "@plimsoll/api";
import type { StatusChange } from "../run/status/status.ts";

/** A status after a change to it has been written. */
export function merged(status: RunStatus, { message = status.message, steps, ...change }: StatusChange): RunStatus {
  const { message: _old, ...kept } = status;
  return { ...kept, ...change, steps: { ...status.steps, ...steps }, ...(message ? { message } : {}) };
}
