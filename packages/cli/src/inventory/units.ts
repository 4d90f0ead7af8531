import { unit, type Money } from "@plimsoll/model";

/** CPU as kubectl prints it: `4`, `250m`. */
export function formatCpu(milli: number | undefined): string {
  if (milli === undefined) return "";
  return milli % 1_000 === 0 ? String(milli / 1_000) : `${milli}m`;
}

/** Memory as kubectl prints it: `512Mi`; from ten GiB on, in these: `62.7Gi`. */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return "";
  if (bytes === 0) return "0";
  const mebibytes = bytes / 1024 ** 2;
  if (mebibytes < 1) return `${Math.ceil(bytes / 1024)}Ki`;
  return mebibytes < 10 * 1024 ? `${Math.round(mebibytes)}Mi` : `${Number((mebibytes / 1024).toFixed(1))}Gi`;
}

/** What an hour costs is told in more digits than what a month does. */
export function formatMoney(money: Money, digits = 4): string {
  return (money / unit).toFixed(digits);
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** ` 63% ██████▎   `: a part of a whole, as long as what is whole. Nothing without a whole. */
export function formatShare(part: number | undefined, whole: number | undefined, width = 8): string {
  if (part === undefined || !whole) return "";
  const share = part / whole;
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const bar = "█".repeat(Math.floor(filled / 8)) + (eighths[filled % 8] ?? "");
  return `${`${Math.round(share * 100)}%`.padStart(4)} ${bar.padEnd(width, "·")}`;
}
