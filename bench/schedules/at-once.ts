import type { AuditLog } from "@plimsoll/cluster";
import { each, type Transport } from "@plimsoll/kube";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { usageOf } from "../process.ts";
import type { Row } from "../table.ts";
import { addNamespace, type Client } from "../testbed.ts";
import { until } from "../until.ts";
import { makeSchedules, numbers, run, width, type Own } from "./load.ts";

const count = 5_000;

const page = z.object({ items: z.array(z.unknown()), metadata: z.object({ remainingItemCount: z.int().optional() }) });

interface Bed {
  audit: AuditLog;
  client: Client;
  transport: Transport;
  own: Own;
  /** Processes whose CPU time is told, by name. */
  processes: Record<string, number>;
}

/** Many schedules that are due in the same second, beside a client that makes as many runs with no schedule behind them. */
export async function atOnce(bed: Bed): Promise<Row[]> {
  const { client, own } = bed;
  await addNamespace(client, "bare");
  const bare = await burst(bed, "bare", async () => {
    const start = Date.now();
    await each(width, numbers(count), async (index) => {
      const metadata = { namespace: "bare", name: `r${index}` };
      await own("pipelineruns.plimsoll.dev").create({ apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", metadata, spec: run });
    });
    return start;
  });
  await addNamespace(client, "due");
  // Long enough for all of them to be made, and known, before.
  const at = Math.ceil((Date.now() + 120_000) / 60_000) * 60_000;
  await makeSchedules(own, "due", count, { interval: "24h", start: new Date(at).toISOString().replace(".000", "") });
  if (Date.now() > at - 1_000) throw new Error("the schedules were due before all were made: give more time");
  await sleep(at - 1_000 - Date.now());
  const scheduled = await burst(bed, "due", async () => {
    await sleep(at - Date.now());
    return at;
  });
  const { requests, times, total } = scheduled;
  return [
    { what: `${count} runs made by a bare client: the last after`, value: bare.last, unit: "s" },
    { what: `${count} schedules due at once: the first run is made after`, value: scheduled.first, unit: "s" },
    { what: "  the last run is made after", value: scheduled.last, unit: "s" },
    { what: "  of the bare client's time", value: scheduled.last / bare.last },
    { what: "  runs that there are", value: total, aim: `${count}`, reached: total === count },
    { what: "  runs that were made", value: times, aim: `${count}`, reached: times === count },
    { what: "  requests a run", value: requests / count },
    ...Object.entries(scheduled.cpu).map(([name, cpu]) => ({
      what: `  CPU of ${name}, of the machine's until the last run`,
      value: (cpu / 1_000 / scheduled.last / availableParallelism()) * 100,
      unit: "%",
    })),
  ];
}

interface Burst {
  /** Seconds from the start until the first and the last creation. */
  first: number;
  last: number;
  /** Creations. */
  times: number;
  total: number;
  /** Of the controller's for schedules. */
  requests: number;
  /** Milliseconds of CPU of each process, until the last run was seen. */
  cpu: Record<string, number>;
}

/** What happens in a namespace until it has all runs, and they have ended. `begin` gives when that began. */
async function burst({ own, audit, transport, processes }: Bed, namespace: string, begin: () => Promise<number>): Promise<Burst> {
  const mark = await audit.mark();
  const cpuNow = () => Object.entries(processes).map(([name, pid]) => [name, usageOf(pid).cpu] as const);
  const before = new Map(cpuNow());
  const at = await begin();
  const runs = () => Array.fromAsync(own("pipelineruns.plimsoll.dev").list({ namespace }));
  // A list of all would be the most of what the API server has to do.
  await until("all runs are made", async () => {
    await sleep(1_000);
    return (await countOf(transport, namespace)) >= count;
  });
  const cpu = Object.fromEntries(cpuNow().map(([name, now]) => [name, now - (before.get(name) ?? 0)]));
  await until("all runs have ended", async () => {
    await sleep(5_000);
    return (await runs()).every(({ status }) => status?.finishedAt !== undefined);
  });
  await until("all statuses are written", async () => {
    const schedules = await Array.fromAsync(own("pipelineschedules.plimsoll.dev").list({ namespace }));
    return schedules.every(({ status }) => status?.lastRun !== undefined);
  });
  const created: number[] = [];
  let requests = 0;
  for await (const { resource, verb, user, code, at: time } of audit.since(mark)) {
    const isCreation = resource === "pipelineruns" && verb === "create";
    if (user.startsWith("system:serviceaccount:") && (isCreation || resource === "pipelineschedules")) requests += 1;
    if (isCreation && code === 201) created.push((Date.parse(time) - at) / 1_000);
  }
  created.sort((a, b) => a - b);
  return {
    first: created[0] ?? Number.NaN,
    last: created.at(-1) ?? Number.NaN,
    times: created.length,
    total: (await runs()).length,
    requests,
    cpu,
  };
}

/** How many runs a namespace has, without reading more than one. */
async function countOf(transport: Transport, namespace: string): Promise<number> {
  const path = `/apis/plimsoll.dev/v1alpha1/namespaces/${namespace}/pipelineruns?limit=1`;
  const { items, metadata } = page.parse(await transport.request({ method: "GET", path }));
  return items.length + (metadata.remainingItemCount ?? 0);
}
