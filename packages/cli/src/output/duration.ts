import { parseDuration } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { InvalidArgumentError } from "commander";

/** A duration in milliseconds as people read it: `0.4s`, `42s`, `3m07s`, `2h05m`, `4d3h`. */
export function formatDuration(milliseconds: number): string {
  const tenths = Math.max(0, Math.round(milliseconds / 100));
  if (tenths < 100) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${pad(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${hours % 24}h`;
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}

/** Milliseconds from `from` to `to` (both RFC 3339), or to `now` where `to` is missing; undefined before the start. */
export function elapsed(from: string | undefined, to: string | undefined, now: number): number | undefined {
  if (from === undefined) return undefined;
  return (to === undefined ? now : Date.parse(to)) - Date.parse(from);
}

/** Reads an option's duration, as in `1h30m`, in milliseconds. */
export function durationOption(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
