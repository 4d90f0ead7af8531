import { progressLine } from "../../output/progress.ts";

/** Shows on a terminal how much of some bytes has been read, once that takes longer; elsewhere nothing. */
export function progressOn(
  stream: NodeJS.WriteStream,
  now: () => number,
): { report: (bytes: number, total: number) => void; end: () => void } {
  const line = progressLine(stream, now);
  return {
    report: (bytes, total) =>
      line.show(() =>
        total > bytes
          ? `${Math.floor((100 * bytes) / total)}% of ${(total / 1e6).toFixed(0)} MB read`
          : `${(bytes / 1e6).toFixed(0)} MB read`,
      ),
    end: line.end,
  };
}
