import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is neither undefined nor false. Throws an Error after ten minutes. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + 600_000; Date.now() < deadline; await sleep(100)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`after 10 minutes, it does not hold that ${what}`);
}
