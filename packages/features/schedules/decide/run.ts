/** A run of a schedule or of a backfill, as far as it is decided by. */
export interface RunFacts {
  name: string;
  uid: string;
  /** The time that it is for; milliseconds since 1970. */
  time: number;
  phase: "active" | "succeeded" | "failed" | "cancelled";
  /** Whether it has been asked to end. */
  isEnding: boolean;
}
