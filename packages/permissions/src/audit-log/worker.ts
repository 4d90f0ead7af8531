// A thread that scans parts of logs, one after the other, and gives back what each holds.
import { parentPort, workerData } from "node:worker_threads";
import { RangeReader, type Range } from "./reading/ranges.ts";
import { Scanner, type AuditLogFilter, type Scanned } from "./scanner.ts";

/** A part of a log, by its number. */
export interface Part extends Range {
  number: number;
  /** Of the file, which whoever sends the part has opened. */
  descriptor: number;
}

/** What that part held. */
export interface Answer {
  number: number;
  scanned: Scanned;
}

const filter: AuditLogFilter = workerData;
const scanner = new Scanner(filter);
const reader = new RangeReader();

parentPort?.on("message", ({ number, descriptor, ...range }: Part) => {
  const answer: Answer = { number, scanned: scanner.scan(reader.read(descriptor, range)) };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread's port, not a window.
  parentPort?.postMessage(answer);
});
