import { parseDuration } from "@plimsoll/api";
import { UsageError } from "../../failure.ts";

const day = 24 * 3600 * 1000;

/** Milliseconds since 1970 for a time (`2026-05-01`, `2026-05-01T12:00:00Z`), or for a duration before `now` (`90m`, `7d`). Throws a UsageError. */
export function parseSince(text: string, now: number): number {
  const [, days] = /^(\d+)d$/.exec(text) ?? [];
  if (days !== undefined) return now - Number(days) * day;
  if (/^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text)) {
    const time = Date.parse(text);
    if (!Number.isNaN(time)) return time;
  }
  try {
    return now - parseDuration(text);
  } catch {
    throw new UsageError(
      `--since ${text}: is neither a time, as in 2026-05-01 or 2026-05-01T12:00:00Z, nor a duration, as in 90m, 12h or 7d`,
    );
  }
}
