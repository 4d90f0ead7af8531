import type { OnProgress } from "./progress.ts";

/** Prints what goes on: on a terminal a line as soon as a step begins; elsewhere a line when it has ended. */
export function printProgress(stream: NodeJS.WriteStream): OnProgress {
  const erase = stream.isTTY ? "\r\u001b[K" : "";
  return (event) => {
    if (event.type === "note") stream.write(`${erase}  ${event.text}\n`);
    else if (event.type === "end") stream.write(`${erase}${event.what} (${(event.milliseconds / 1000).toFixed(1)} s)\n`);
    else if (event.type === "fail") stream.write(erase);
    else if (stream.isTTY) stream.write(`${erase}${event.what}…`);
  };
}
