// Put before a program by --import: writes what stood still in its main thread into the file BLOCKS, a line for each block.
import { appendFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/** A block of the event loop: when it ended, in milliseconds since 1970, and how long it was by the clock and in CPU of the thread. */
export interface Block {
  at: number;
  wall: number;
  cpu: number;
}

const file = process.env["BLOCKS"];
const interval = 5;

if (file !== undefined && isMainThread) {
  const now = (): Block => {
    const { user, system } = process.threadCpuUsage();
    return { at: Date.now(), wall: performance.now(), cpu: (user + system) / 1_000 };
  };
  let last = now();
  setInterval(() => {
    const { at, wall, cpu } = now();
    const block = { at, wall: wall - last.wall - interval, cpu: cpu - last.cpu };
    if (block.wall > 20) appendFileSync(file, `${JSON.stringify(block)}\n`);
    last = now();
  }, interval).unref();
}
