import type { AuditLog } from "@plimsoll/cluster";
import { Transport } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";
import { only, prepare, startController } from "../../scripts/local-controller.ts";
import { usageOf } from "../process.ts";
import { percentile, report, type Row } from "../table.ts";
import { addNamespace, userAgent, withTestbed } from "../testbed.ts";
import { latencies } from "./latency.ts";
import { makeSets, namespace, permissions } from "./load.ts";

const count = Number(process.env["SETS"] ?? 1_000);
/** Seconds for which nothing happens. */
const window = Number(process.env["WINDOW"] ?? 300);
const changes = 200;
const account = "system:serviceaccount:plimsoll-system:plimsoll";

/** Many sets that stay as they are, one of them that changes, and a controller that begins anew. */
export async function workloadsBench(): Promise<void> {
  const rows = await withTestbed({ name: "workloads", rates: "raised" }, async ({ cluster, audit, client }) => {
    const kubeconfig = await prepare(cluster, { features: ["workloads"] });
    const options = {
      kubeconfig,
      folder: cluster.folder,
      config: { features: only({ workloads: { namespaces: ["*"] } }) },
      env: { NODE_OPTIONS: "" },
    };
    let controller = await startController(options);
    const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent });
    try {
      const own = permissions.client(transport);
      const empty = usageOf(controller.pid).rss;
      await addNamespace(client, namespace);
      const mark = await audit.mark();
      const began = Date.now();
      await makeSets(own, count);
      const made = { seconds: (Date.now() - began) / 1000, requests: await requestsSince(audit, mark) };
      // As a process is that has run for long: what was begun is done, and what isn't needed any more is given back.
      await sleep(30_000);
      const rest = await atRest(audit, controller.pid);
      const all = await latencies(own, count, changes);
      await sleep(5_000);
      await controller.stop();
      const again = await audit.mark();
      controller = await startController(options);
      await sleep(30_000);
      const restart = await requestsSince(audit, again);
      return rowsOf({ empty, made, rest, all, restart, rss: usageOf(controller.pid).rss });
    } finally {
      await transport.close();
      await controller.stop();
    }
  });
  report("workloads", rows);
}

interface Found {
  empty: number;
  made: { seconds: number; requests: Requests };
  rest: { requests: Requests; rss: number; cpu: number };
  all: readonly number[];
  restart: Requests;
  rss: number;
}

function rowsOf({ empty, made, rest, all, restart, rss }: Found): Row[] {
  const hourly = (found: number): number => (found * 3_600) / window;
  const median = percentile(all, 0.5);
  return [
    { what: `${count} sets of 5 objects: applied and healthy after`, value: made.seconds, unit: "s" },
    { what: "  requests a set", value: made.requests.others / count },
    { what: `at rest for ${window} s: requests but watches and its lease`, value: rest.requests.others },
    { what: "  an hour, by that", value: hourly(rest.requests.others), aim: "0", reached: rest.requests.others === 0 },
    { what: "  watches begun anew, an hour, by that", value: hourly(rest.requests.watches) },
    { what: "  CPU of one core", value: rest.cpu, unit: "%" },
    { what: "  resident memory; without sets", value: `${Math.round(rest.rss)}; ${Math.round(empty)}`, unit: "MB" },
    {
      what: `a change of one of them, ${changes} times: until a watch shows it, median`,
      value: median,
      unit: "ms",
      aim: "< 200 ms",
      reached: median < 200,
    },
    { what: "  p95", value: percentile(all, 0.95), unit: "ms" },
    { what: "a controller begins anew: requests but watches and its lease", value: restart.others },
    { what: "  its resident memory", value: rss, unit: "MB" },
  ];
}

interface Requests {
  watches: number;
  others: number;
}

/** The controller's requests since a mark, but for its lease. */
async function requestsSince(audit: AuditLog, mark: number): Promise<Requests> {
  const ids = new Set<string>();
  const found = { watches: 0, others: 0 };
  for await (const { id, stage, user, verb, resource } of audit.since(mark)) {
    if (user !== account || resource === "leases" || ids.has(id) || (verb === "watch" && stage !== "ResponseStarted")) continue;
    ids.add(id);
    found[verb === "watch" ? "watches" : "others"] += 1;
  }
  return found;
}

async function atRest(audit: AuditLog, pid: number): Promise<Found["rest"]> {
  const mark = await audit.mark();
  const before = usageOf(pid).cpu;
  await sleep(window * 1_000);
  const { cpu, rss } = usageOf(pid);
  return { requests: await requestsSince(audit, mark), rss, cpu: (cpu - before) / window / 10 };
}
