import { setTimeout as sleep } from "node:timers/promises";
import { usageOf } from "../process.ts";
import type { Row } from "../table.ts";
import { addNamespace, type Client } from "../testbed.ts";
import { makeSchedules, type Own } from "./load.ts";

const count = 10_000;
const seconds = 60;

/** What the controller takes while nothing is due: without schedules, and with many. */
export async function atRest(client: Client, own: Own, pid: number): Promise<Row[]> {
  const few = await shareOf(pid);
  await addNamespace(client, "idle");
  await makeSchedules(own, "idle", count, { cron: ["0 3 1 1 *"], timeZone: "Europe/Zurich" });
  const many = await shareOf(pid);
  const aim = few + 0.5;
  return [
    { what: "at rest without schedules: CPU of one core", value: few, unit: "%" },
    { what: `  with ${count} that are not due: CPU`, value: many, unit: "%", aim: `≤ ${aim.toFixed(2)} %`, reached: many <= aim },
    { what: "  resident memory", value: usageOf(pid).rss, unit: "MB" },
  ];
}

/** The part of a core that a process takes, in percent, once what was done before has passed. */
async function shareOf(pid: number): Promise<number> {
  await sleep(5_000);
  const before = usageOf(pid).cpu;
  await sleep(seconds * 1_000);
  return (usageOf(pid).cpu - before) / seconds / 10;
}
