import { closeSettings, vpaSettings } from "@plimsoll/model/sizing";
import { readFileSync } from "node:fs";
import { VpaLibrary } from "../../tests/support/vpa-library.ts";
import { report, type Row } from "../table.ts";
import { simulateBatch, sorts } from "./batch.ts";
import { capacityOf } from "./capacity.ts";
import { layouts, readTraces } from "./csv.ts";
import { ours, vpa } from "./recommenders.ts";
import { roundCost } from "./round.ts";
import { simulate, total, type Outcome } from "./simulate.ts";
import { syntheticTraces, type Trace } from "./traces.ts";

/** By no seed of these the settings were chosen. */
const seeds = [31, 32, 33, 34, 35, 36];
const containers = 20_000;

/** What requests by estimates would have been, in simulated time, beside those by VerticalPodAutoscaler's own library; and what estimates take. */
export async function rightsizingBench(): Promise<void> {
  const { traces, how } = tracesAsked();
  const library = await VpaLibrary.start();
  try {
    const theirs = await simulate(traces, vpa(library, "bench"));
    const same = await simulate(traces, ours(vpaSettings));
    const close = await simulate(traces, ours(closeSettings));
    const { follow: _, ...unfollowed } = closeSettings;
    const restarting = await simulate(traces, ours(unfollowed));
    const rows = [
      ...compared("VPA's settings", same, theirs),
      ...compared("close settings, memory not followed", restarting, theirs),
      ...compared("close settings", close, theirs, true),
      ...byKind(close, theirs),
    ];
    report("rightsizing", rows, how);
  } finally {
    await library.stop();
  }
  report(
    "rightsizing-batch",
    sorts.flatMap(batchRows),
    "after five runs of 35 more, 1,200 steps of 10 s to 5 min of each sort, measured every 15 s",
  );
  report(
    "rightsizing-capacity",
    [...capacityRows("VPA's settings", vpaSettings), ...capacityRows("close settings", closeSettings), ...(await roundRows())],
    `${containers} containers`,
  );
}

/** Synthetic ones, or those of a file: TRACES=LAYOUT:FILE, and for what is told in parts or percent also :CORES:GIB. */
function tracesAsked(): { traces: Trace[]; how: string } {
  const asked = process.env["TRACES"];
  if (asked === undefined) {
    const traces = seeds.flatMap((seed) =>
      syntheticTraces({ each: 4, days: 14, seed }).map((trace) => ({ ...trace, name: `${trace.name}-${seed}` })),
    );
    return { traces, how: `${traces.length} synthetic loads of 14 days, a sample a minute` };
  }
  const [layout = "", file = "", cores = "1", gib = "1"] = asked.split(":");
  if (!Object.hasOwn(layouts, layout)) throw new Error(`TRACES: there is no layout ${layout}; there is ${Object.keys(layouts).join(", ")}`);
  const whole = { cores: Number(cores), bytes: Number(gib) * 2 ** 30 };
  return { traces: readTraces(readFileSync(file, "utf8"), layouts[layout as keyof typeof layouts], whole), how: file };
}

function compared(name: string, mine: Map<string, Outcome>, theirs: Map<string, Outcome>, hasAim = false): Row[] {
  const [own, its] = [total(mine.values()), total(theirs.values())];
  const aimed = (value: number, most: number, aim: string): Pick<Row, "aim" | "reached"> => (hasAim ? { aim, reached: value <= most } : {});
  const [cores, gib] = [own.slackCores / its.slackCores, own.slackGib / its.slackGib];
  return [
    {
      what: `${name}: slack of CPU to VPA's`,
      value: cores,
      peer: `${its.slackCores.toFixed(0)} core hours`,
      ...aimed(cores, 0.8, "≤ 0.8"),
    },
    { what: `  of memory`, value: gib, peer: `${its.slackGib.toFixed(0)} GiB hours`, ...aimed(gib, 0.8, "≤ 0.8") },
    { what: "  OOM kills", value: own.ooms, peer: String(its.ooms), ...aimed(own.ooms, its.ooms, "≤ VPA's") },
    { what: "  time with more CPU used than requested", value: share(own), unit: "%", peer: `${share(its).toFixed(2)} %` },
    { what: "  changes a container and day", value: changes(own), peer: changes(its).toFixed(2) },
  ];
}

function byKind(mine: Map<string, Outcome>, theirs: Map<string, Outcome>): Row[] {
  return [...mine].map(([kind, own]) => {
    const its = theirs.get(kind) ?? own;
    const ratio = (one: number, other: number): string => (other === 0 ? "-" : (one / other).toFixed(2));
    return {
      what: `  ${kind}: slack of CPU, of memory; OOM kills`,
      value: `${ratio(own.slackCores, its.slackCores)}, ${ratio(own.slackGib, its.slackGib)}; ${own.ooms}`,
      peer: `${its.slackCores.toFixed(0)} core hours, ${its.slackGib.toFixed(0)} GiB hours; ${its.ooms}`,
    };
  });
}

const share = ({ shortHours, hours }: Outcome): number => (100 * shortHours) / hours;
const changes = ({ changes: count, hours }: Outcome): number => (count * 24) / hours;

function batchRows(sort: (typeof sorts)[number]): Row[] {
  const { steps, retried, failed, requested, peaks } = simulateBatch(sort, { steps: 1_200, runs: 40, seed: 5 });
  const percent = (100 * retried) / steps;
  // What isn't measured can't be told how much is too much.
  const aim = sort === "too short to be measured" ? {} : { aim: "≤ 2.5", reached: requested / peaks <= 2.5 };
  return [
    { what: `${sort}: killed and tried again`, value: percent, unit: "%", aim: "≤ 2 %", reached: percent <= 2 },
    { what: "  requested to peak", value: requested / peaks, ...aim },
    { what: "  never done: more than 16 GiB", value: failed },
  ];
}

/** A round of the controller's as a whole. */
async function roundRows(): Promise<Row[]> {
  const { usual, writing } = await roundCost(containers);
  return [
    { what: "a whole round, nothing is written", value: usual, unit: "s of CPU", aim: "≤ 1 s", reached: usual <= 1 },
    { what: "  every policy's status is written, with its checkpoints", value: writing, unit: "s of CPU" },
  ];
}

function capacityRows(name: string, settings: typeof vpaSettings): Row[] {
  const { bytes, round, writing, checkpoint } = capacityOf(containers, settings);
  return [
    { what: `${name}: memory`, value: bytes / 1e6, unit: "MB", aim: "≤ 100 MB", reached: bytes <= 100e6 },
    { what: "  a round: a sample and an estimate of each", value: round, unit: "s of CPU", aim: "≤ 1 s", reached: round <= 1 },
    { what: "  writing all checkpoints", value: writing, unit: "s of CPU" },
    { what: "  a checkpoint", value: Math.round(checkpoint), unit: "characters" },
  ];
}
