import type { Verdict } from "./cloud.ts";

export type Doubt = Extract<Verdict, { state: "unsure" }>;

/** No single question, with what the SDK tries again of it, takes longer. */
const limit = 60_000;

export const doubt = (why: string): Doubt => ({ state: "unsure", why });

/**
 * The answer to a question to the cloud; where there is none, that is no answer about the machine: "unsure", with the error.
 * `asked` is given a signal that also aborts when it has taken too long. Rejects only with the reason of `signal`.
 */
export async function answerOf<T>(asked: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | Doubt> {
  signal.throwIfAborted();
  const late = AbortSignal.timeout(limit);
  try {
    return await asked(AbortSignal.any([signal, late]));
  } catch (error) {
    signal.throwIfAborted();
    return doubt(late.aborted ? `no answer within ${limit / 1000} seconds` : shown(error));
  }
}

/** As in `RequestLimitExceeded: Request limit exceeded.` */
function shown(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const { name, message } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : name;
  const text = message.replaceAll(/\s+/g, " ").trim().slice(0, 300);
  if (code === "" || code === "Error" || text.startsWith(code)) return text || "no answer";
  return `${code}: ${text || "no answer"}`;
}
