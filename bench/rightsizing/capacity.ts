import { Sizing, UsageHistory, type SizingSettings } from "@plimsoll/model/sizing";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Random } from "../random.ts";

const minute = 60_000;

/** What histories of so many containers take: bytes of memory, seconds of CPU for a round of samples and estimates, and of one that writes checkpoints. */
export interface Capacity {
  bytes: number;
  round: number;
  writing: number;
  /** Characters of a checkpoint as JSON. */
  checkpoint: number;
}

/** Each has nine days of history, a sample an hour, of a use that spreads over a factor of three or so. */
export function capacityOf(containers: number, settings: SizingSettings): Capacity {
  const collect = collector();
  const random = new Random(20);
  const sizing = new Sizing(settings);
  const scales = Float64Array.from({ length: containers }, () => 10 ** (1 + random.below(300) / 100));
  const start = Date.UTC(2026, 0, 5);
  collect();
  const before = used();
  const histories = Array.from({ length: containers }, () => new UsageHistory(sizing));
  const sampleAll = (at: number): void => {
    for (const [index, history] of histories.entries()) {
      const factor = 0.6 + random.below(1_000) / 1_000;
      const scale = scales[index] ?? 0;
      history.sample(`pod-${index}`, at, { cpu: scale * factor, memory: scale * 1e6 * (1 + factor / 10) }, at);
    }
  };
  for (let hour = 0; hour < 9 * 24; hour++) sampleAll(start + hour * 60 * minute);
  collect();
  const bytes = used() - before;
  const end = start + 9 * 24 * 60 * minute;
  let [targets, length] = [0, 0];
  const round = timed(() => {
    sampleAll(end);
    for (const history of histories) targets += history.estimate().cpu?.target ?? 0;
  });
  const writing = timed(() => {
    for (const history of histories) length += JSON.stringify(history.write()).length;
  });
  if (!(targets > 0)) throw new Error("nothing was estimated");
  return { bytes, round, writing, checkpoint: length / containers };
}

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Seconds of CPU: others may be at work on the machine. */
function timed(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}
