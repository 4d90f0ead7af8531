/** How an object stands. Succeeded: it has come to its end, and well. */
export type HealthState = "Healthy" | "Progressing" | "Failed" | "Succeeded";

export interface Health {
  state: HealthState;
  /** Why it isn't healthy, where the object says so. */
  message: string | undefined;
}

/** Whether what waits for it may go on. */
export function isWell(state: HealthState | undefined): boolean {
  return state === "Healthy" || state === "Succeeded";
}
