import type { SparkApplicationSpec, SparkApplicationStatus } from "@plimsoll/api";
import type { Attempt } from "../attempt.ts";

/** What is to be done for an application, in this order. */
export interface Decision {
  /** Pods that are to go. */
  remove: readonly { namespace: string; name: string; uid: string }[];
  /** A run to begin. Whether that could be done makes the status: see `submitted` and `refused`. */
  submit?: { spec: SparkApplicationSpec; attempt: Attempt };
  /** The status, where it changes; whole. */
  status?: SparkApplicationStatus;
  /** Whether the application itself is to go. */
  isExpired?: boolean;
  /** Its driver isn't seen, though it was made: whether it is there has to be asked for. */
  isLost?: boolean;
  /** When to decide again, if nothing else happens before; Infinity: never. Milliseconds since 1970. */
  wake: number;
}

/** Nothing is to be done. */
export const nothing: Decision = { remove: [], wake: Infinity };
