// Put before a program by --import: writes what stood still in its main thread into the file BLOCKS, as JSON, a line for each block.
// Plain JavaScript: what strips types would take 24 MB in the program that is measured.
import { appendFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env.BLOCKS;
const interval = 5;

if (file !== undefined && isMainThread) {
  const now = () => {
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
