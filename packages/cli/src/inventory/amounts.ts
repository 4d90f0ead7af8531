import type { Amounts } from "@plimsoll/model";
import type { Paint } from "../paint.ts";

/** Cores, as in `1.5` and `250m`. */
export function cores(milli: number): string {
  return milli !== 0 && Math.abs(milli) < 1000 ? `${Math.round(milli)}m` : String(Math.round(milli / 10) / 100);
}

/** Bytes, as in `512Mi` and `1.5Gi`. */
export function bytes(count: number): string {
  const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
  let [size, at] = [count, 0];
  while (Math.abs(size) >= 1024 && at < units.length - 1) [size, at] = [size / 1024, at + 1];
  return `${size >= 100 || at === 0 ? Math.round(size) : Math.round(size * 10) / 10}${units[at]}`;
}

/** One resource of some amounts as people read it; empty where there is none. */
export function amount(amounts: Amounts | undefined, name: string): string {
  const value = amounts?.[name];
  if (value === undefined) return "";
  return name === "cpu" ? cores(value) : name === "memory" || name === "ephemeral-storage" ? bytes(value) : String(value);
}

/** How much of something is taken, with a bar: `1.5/4  38% ████░░░░░░`. */
export function share(taken: number, of: number | undefined, format: (value: number) => string, paint: Paint): string {
  if (of === undefined || of === 0) return format(taken);
  const part = taken / of;
  const full = Math.max(0, Math.min(10, Math.round(part * 10)));
  const style = part > 0.9 ? "red" : part > 0.7 ? "yellow" : "green";
  return (
    `${format(taken)}/${format(of)}`.padEnd(13) +
    `${Math.round(part * 100)}% `.padStart(5) +
    paint(style, "█".repeat(full)) +
    paint("dim", "░".repeat(10 - full))
  );
}
