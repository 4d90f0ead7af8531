import { nodeFlags } from "@plimsoll/controller";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { report, type Row } from "../table.ts";
import { Shelf } from "./shelf.ts";
import { jobAt, podAt, runAt, width, type Scale } from "./under-way.ts";

/** What child.ts prints. */
interface Measured {
  longest: { wall: number; cpu: number };
  synced: number;
  ready: number;
  cpu: number;
  heap: number;
  rss: number;
  peakRss: number;
  requests: Record<"list" | "get" | "create" | "patch" | "delete", number>;
  errors: number;
}

const child = fileURLToPath(new URL("child.ts", import.meta.url));

/** What it takes a controller to take up a thousand runs that are under way, without a cluster. */
export async function restartBench(): Promise<void> {
  const rows: Row[] = [];
  for (const steps of [100, 300])
    for (const isDistinct of [false, true]) {
      const scale = { runs: 1_000, steps, isDistinct };
      rows.push(...rowsOf(`1,000 runs × ${steps} steps, ${isDistinct ? "each its own texts" : "the same texts"}`, scale, measure(scale)));
    }
  report("restart", rows);
}

function measure(scale: Scale): Measured {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-restart-"));
  try {
    Shelf.write(join(folder, "pipelineruns.plimsoll.dev"), scale.runs, (run) => runAt(run, scale));
    Shelf.write(join(folder, "pods"), scale.runs * width, (index) => podAt(index, scale));
    Shelf.write(join(folder, "jobs.batch"), scale.runs * width, (index) => jobAt(index, scale));
    const text = execFileSync(process.execPath, [...nodeFlags, "--expose-gc", child, folder], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    return JSON.parse(text) as Measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowsOf(name: string, { steps }: Scale, { longest, requests, ...measured }: Measured): Row[] {
  const mistakes = requests.create + requests.delete + measured.errors;
  return [
    {
      what: `${name}: longest block of the event loop`,
      value: longest.wall,
      unit: "ms",
      aim: "≤ 50 ms",
      reached: longest.wall <= 50,
    },
    { what: "  of CPU alone, without what others took", value: longest.cpu, unit: "ms" },
    { what: "  until everything is listed", value: measured.synced, unit: "s" },
    { what: "  until there is nothing to do", value: measured.ready, unit: "s" },
    { what: "  CPU", value: measured.cpu, unit: "s" },
    {
      what: "  peak RSS",
      value: measured.peakRss,
      unit: "MB",
      ...(steps === 300 ? { aim: "≤ 350 MB", reached: measured.peakRss <= 350 } : {}),
    },
    { what: "  RSS, then", value: measured.rss, unit: "MB" },
    { what: "  heap in use, then", value: measured.heap, unit: "MB" },
    { what: "  runs read one by one", value: requests.get },
    { what: "  statuses written", value: requests.patch },
    { what: "  errors, and what was made or deleted though nothing had changed", value: mistakes, aim: "0", reached: mistakes === 0 },
  ];
}
