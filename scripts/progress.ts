import type { ProgressEvent } from "@plimsoll/cluster";
import { styleText } from "node:util";

/** Tells a cluster's start line by line: what has been done, how long it took, and what was tried in vain. */
export function progressLines(stream: NodeJS.WriteStream): (event: ProgressEvent) => void {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string => styleText(style, text, { stream, validateStream: true });
  return (event) => {
    if (event.type === "note") stream.write(`  ${paint("dim", event.text)}\n`);
    if (event.type === "end") stream.write(`${paint("green", "✔")} ${event.what} ${paint("dim", `${(event.milliseconds / 1000).toFixed(1)} s`)}\n`);
  };
}
