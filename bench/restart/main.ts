import { nodeFlags } from "@plimsoll/controller";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { report, type Row } from "../table.ts";

interface Measured {
  longest: number;
  wall: number;
  rss: number;
  peakRss: number;
}

const child = fileURLToPath(new URL("child.ts", import.meta.url));

/** What it takes a controller to begin anew with 1,000 runs under way: the longest that the event loop stands still, and memory. Without a cluster. */
export async function restartBench(): Promise<void> {
  const rows: Row[] = [];
  for (const pipelines of ["equal", "distinct"])
    for (const steps of [100, 300]) {
      const text = execFileSync(process.execPath, [...nodeFlags, child, "1000", String(steps), pipelines], { encoding: "utf8" });
      const { longest, wall, rss, peakRss } = JSON.parse(text) as Measured;
      const name = `1,000 runs × ${steps} steps, ${pipelines} pipelines`;
      rows.push(
        { what: `${name}: longest block of the event loop`, value: longest, unit: "ms", aim: "≤ 50 ms", reached: longest <= 50 },
        { what: "  until all are reconciled", value: wall, unit: "s" },
        { what: "  RSS, peak", value: peakRss, unit: "MB", ...(steps === 300 ? { aim: "≤ 350 MB", reached: peakRss <= 350 } : {}) },
        { what: "  RSS, then", value: rss, unit: "MB" },
      );
    }
  report("restart", rows);
}
