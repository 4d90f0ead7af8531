import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "../failure.ts";

export interface WaitOptions {
  /** Milliseconds. */
  timeout: number;
  interval?: number;
  /** What to add to the message when the time is over. */
  hint?: () => string;
}

/** Asks until the answer is neither undefined nor false. What `ask` throws ends the wait. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const { timeout, interval = 100, hint } = options;
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new ClusterError(`${what} took longer than ${timeout / 1000} s${hint ? `; ${hint()}` : ""}`);
    await sleep(interval);
  }
}
