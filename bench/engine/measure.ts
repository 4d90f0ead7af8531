import type { AuditLog } from "@plimsoll/cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { carryOut, type CarriedOut } from "../carry-out.ts";
import type { Load } from "../loads.ts";
import { usageOf } from "../process.ts";
import type { Running } from "./build.ts";
import type { Testbed } from "../testbed.ts";
import { readTraffic, type Traffic } from "./traffic.ts";

/** What a load took of a build. */
export interface Measured extends CarriedOut {
  steps: number;
  /** Milliseconds of CPU a step; the API server's without what it takes at rest. */
  cpu: { controller: number; server: number };
  /** The 99th percentile of the controller's event-loop delay, in milliseconds. */
  lag: number;
  /** Of the controller, in MB. */
  peakRss: number;
  traffic: Traffic;
}

/** Carries a load out on a testbed where the controller of this process is at work. `rest` is the API server's CPU at rest, as of `restOf`. */
export async function measure(bed: Testbed, { pid, port }: Running, rest: number, load: Load): Promise<Measured> {
  const { audit, client, apiServerPid } = bed;
  const before = { controller: usageOf(pid), server: usageOf(apiServerPid), at: performance.now() };
  await lagOf(port);
  const mark = await audit.mark();
  const carriedOut = await carryOut(client, load);
  // What others still write about the last pods belongs to the load.
  await settled(audit, load.namespace);
  const lag = await lagOf(port);
  const after = { controller: usageOf(pid), server: usageOf(apiServerPid), at: performance.now() };
  const resting = (rest * (after.at - before.at)) / 1000;
  return {
    ...carriedOut,
    steps: load.steps,
    cpu: {
      controller: (after.controller.cpu - before.controller.cpu) / load.steps,
      server: (after.server.cpu - before.server.cpu - resting) / load.steps,
    },
    peakRss: after.controller.peakRss,
    lag,
    traffic: await readTraffic(audit, mark, load),
  };
}

/** Milliseconds from one look at the event loop to the next, which Node counts as delay, too: at rest its percentiles are 10 ms. */
const resolution = 10;

/** What the controller's metrics say of its event loop's delay since they were last asked. */
async function lagOf(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(text)?.[1]) * 1000 - resolution;
}

/** Milliseconds of CPU that the API server takes in a second in which nothing runs: a hundred nodes report themselves. */
export async function restOf({ apiServerPid }: Testbed): Promise<number> {
  const seconds = 10;
  // It has just begun.
  await sleep(5_000);
  const before = usageOf(apiServerPid).cpu;
  await sleep(seconds * 1000);
  return (usageOf(apiServerPid).cpu - before) / seconds;
}

/** Resolves when nobody has written anything in a namespace for three seconds, or after ten minutes. */
export async function settled(audit: AuditLog, namespace: string): Promise<void> {
  let mark = await audit.mark();
  let quiet = 0;
  for (const deadline = Date.now() + 600_000; quiet < 3 && Date.now() < deadline; quiet += 1) {
    await sleep(1_000);
    const next = await audit.mark();
    for await (const event of audit.since(mark)) if (event.namespace === namespace && event.verb !== "watch") quiet = -1;
    mark = next;
  }
}
