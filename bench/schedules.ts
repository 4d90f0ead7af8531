import type { PipelineSchedule } from "@plimsoll/api";
import type { AuditLog } from "@plimsoll/cluster";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { kinds } from "@plimsoll/features/kinds";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { prepare, startController } from "../scripts/local-controller.ts";
import { startCompiled } from "./controller.ts";
import { report, type Row } from "./table.ts";
import { addNamespace, userAgent, withTestbed, type Client } from "./testbed.ts";
import { until } from "./until.ts";

const due = 5_000;
const idle = 10_000;

const { declare, allow } = gate({ ...builtin, ...kinds });
const permissions = declare("bench-schedules", [
  allow(["create", "list", "patch"], "pipelineschedules.plimsoll.dev", "to make schedules, and see what came of them"),
  allow("list", "pipelineruns.plimsoll.dev", "to see which runs were made"),
]);

/** Many schedules that aren't due for long, and many that are at the same time. */
export async function schedulesBench(): Promise<void> {
  const rows = await withTestbed({ name: "schedules", rates: "raised" }, async ({ cluster, audit, client }) => {
    const controller = await startCompiled({ prepare, startController }, cluster);
    const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent });
    try {
      const own = permissions.client(transport);
      const rest = await atRest(client, own, controller.pid);
      return [...(await atOnce(client, own, audit)), ...rest];
    } finally {
      await transport.close();
      await controller.stop();
    }
  });
  report("schedules", rows);
}

type Own = ReturnType<typeof permissions.client>;

const template = { spec: { pipelineRef: { name: "none" } } };

async function makeSchedules(own: Own, namespace: string, count: number, spec: Omit<PipelineSchedule["spec"], "template">): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of numbers)
      await own("pipelineschedules.plimsoll.dev").create({
        apiVersion: "plimsoll.dev/v1alpha1",
        kind: "PipelineSchedule",
        metadata: { namespace, name: `s${index}` },
        spec: { ...spec, template },
      });
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}

async function atOnce(client: Client, own: Own, audit: AuditLog): Promise<Row[]> {
  await addNamespace(client, "due");
  // Long enough for all of them to be made, and known, before.
  const at = Math.ceil((Date.now() + 120_000) / 60_000) * 60_000;
  const started = Date.now();
  await makeSchedules(own, "due", due, { interval: "24h", start: new Date(at).toISOString().replace(".000", "") });
  await until("all schedules are known", async () => {
    const schedules = await Array.fromAsync(own("pipelineschedules.plimsoll.dev").list({ namespace: "due" }));
    return schedules.every(({ status }) => status?.next !== undefined);
  });
  const made = Date.now() - started;
  if (Date.now() > at) throw new Error("the schedules were due before all were made: give more time");
  const mark = await audit.mark();
  await sleep(at - Date.now());
  const countOf = async (): Promise<number> => (await Array.fromAsync(own("pipelineruns.plimsoll.dev").list({ namespace: "due" }))).length;
  await until("all runs are made", async () => (await countOf()) >= due);
  await until("all statuses are written", async () => {
    const schedules = await Array.fromAsync(own("pipelineschedules.plimsoll.dev").list({ namespace: "due" }));
    return schedules.every(({ status }) => status?.lastRun !== undefined);
  });
  const times: number[] = [];
  let requests = 0;
  for await (const event of audit.since(mark)) {
    const isOwn = event.resource === "pipelineschedules" || (event.resource === "pipelineruns" && event.verb === "create");
    if (isOwn && event.user.startsWith("system:serviceaccount:")) requests += 1;
    if (event.verb === "create" && event.resource === "pipelineruns" && event.code === 201) times.push(Date.parse(event.at) - at);
  }
  times.sort((a, b) => a - b);
  const total = await countOf();
  return [
    { what: `${due} schedules due at once: made and known in`, value: made / 1000, unit: "s" },
    { what: "  the first run is made after", value: (times[0] ?? Number.NaN) / 1000, unit: "s" },
    { what: "  the last run is made after", value: (times.at(-1) ?? Number.NaN) / 1000, unit: "s" },
    { what: "  runs that there are", value: total, aim: `${due}`, reached: total === due },
    { what: "  runs that were made", value: times.length, aim: `${due}`, reached: times.length === due },
    { what: "  requests a run", value: requests / due },
  ];
}

/** CPU seconds that a process has taken, from the kernel's count. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function atRest(client: Client, own: Own, pid: number): Promise<Row[]> {
  const seconds = 60;
  const measured = async (): Promise<number> => {
    await sleep(5_000);
    const before = cpuOf(pid);
    await sleep(seconds * 1000);
    return ((cpuOf(pid) - before) / seconds) * 100;
  };
  const few = await measured();
  await addNamespace(client, "idle");
  await makeSchedules(own, "idle", idle, { cron: ["0 3 1 1 *"], timeZone: "Europe/Zurich" });
  await until("all schedules are known", async () => {
    const schedules = await Array.fromAsync(own("pipelineschedules.plimsoll.dev").list({ namespace: "idle" }));
    return schedules.every(({ status }) => status?.next !== undefined);
  });
  const many = await measured();
  return [
    { what: "at rest without schedules: CPU of one core", value: few, unit: "%" },
    {
      what: `  with ${idle} that are not due: CPU`,
      value: many,
      unit: "%",
      aim: `≤ ${few.toFixed(1)} + 0.5 %`,
      reached: many <= few + 0.5,
    },
    { what: "  resident memory", value: memoryOf(pid), unit: "MB" },
  ];
}
