import { nodeFlags } from "@plimsoll/controller";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { prepare, startController } from "../../scripts/local-controller.ts";
import { usageOf } from "../process.ts";
import { Shelf } from "../restart/shelf.ts";
import { podAt } from "../restart/under-way.ts";
import { percentile, report, type Row } from "../table.ts";
import { takeovers, type Takeovers } from "./takeovers.ts";
import { withTestbed, type Testbed } from "../testbed.ts";

const child = fileURLToPath(new URL("child.ts", import.meta.url));

const { declare, allow } = gate(builtin);
const permissions = declare("bench of the runtime", [allow("get", "leases.coordination.k8s.io", "to see who leads")]);

/** What the program costs at rest, and how long it takes to begin, to end, and to take over. */
export async function runtimeBench(): Promise<void> {
  report("runtime, shared watches of 20,000 pods", [1, 10].flatMap(watching));
  await withTestbed({ name: "runtime", rates: "raised" }, async (bed) => {
    report("runtime, the controller", await controllerRows(bed));
    report("runtime, 50 takeovers", takeoverRows(await takeovers(bed.cluster, 50, 20)));
  });
}

function watching(readers: number): Row[] {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-runtime-"));
  try {
    Shelf.write(join(folder, "pods"), 20_000, (index) => podAt(index, { runs: 2_000, steps: 300, isDistinct: true }));
    const text = execFileSync(process.execPath, [...nodeFlags, "--expose-gc", child, folder, String(readers)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    const { rss, peakRss, objects } = JSON.parse(text) as { rss: number; peakRss: number; objects: number };
    const who = readers === 1 ? "one reader" : `${readers} readers`;
    return [
      { what: `${who}: objects kept`, value: objects },
      { what: `${who}: RSS at rest`, value: rss, unit: "MB" },
      { what: `${who}: peak RSS`, value: peakRss, unit: "MB" },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function takeoverRows({ killed, stopped, runs, lost, twice }: Takeovers): Row[] {
  return [
    { what: "takeovers", value: killed.length + stopped.length },
    { what: "runs meanwhile", value: runs },
    { what: "runs lost", value: lost.length, aim: "0", reached: lost.length === 0 },
    { what: "pods created twice", value: twice.length, aim: "0", reached: twice.length === 0 },
    { what: "SIGKILL to the next leader, median (lease of 4 s)", value: percentile(killed, 0.5), unit: "ms" },
    { what: "  the longest", value: Math.max(...killed), unit: "ms", aim: "≤ lease + 2 s", reached: Math.max(...killed) <= 6_000 },
    { what: "SIGTERM to the next leader, median", value: percentile(stopped, 0.5), unit: "ms" },
    { what: "  the longest", value: Math.max(...stopped), unit: "ms" },
  ];
}

async function controllerRows({ cluster, audit }: Testbed): Promise<Row[]> {
  const kubeconfig = await prepare(cluster);
  const start = () => startController({ kubeconfig, folder: cluster.folder, env: { NODE_OPTIONS: "" } });
  const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const began = performance.now();
    return [await work(), performance.now() - began];
  };
  await (await start()).stop(); // Compiled from now on.
  const [first, ready] = await timed(start);
  await sleep(5_000);
  const mark = await audit.mark();
  const from = Date.now();
  const seconds = 300;
  await sleep(seconds * 1_000);
  const requests = new Set<string>();
  for await (const { id, user, received, verb } of audit.since(mark))
    if (user === "system:serviceaccount:plimsoll-system:plimsoll" && Date.parse(received) >= from) requests.add(`${verb} ${id}`);
  const updates = [...requests].filter((request) => request.startsWith("update")).length;
  const { rss } = usageOf(first.pid);
  const [, ended] = await timed(() => first.stop());

  const crash: number[] = [];
  const handover: number[] = [];
  let [leader, follower] = [await start(), await start()];
  for (let round = 0; round < 3; round += 1) {
    crash.push(await takeover(cluster.kubeconfig, () => process.kill(leader.pid, "SIGKILL")));
    [leader, follower] = [follower, await start()];
    handover.push(await takeover(cluster.kubeconfig, () => void leader.stop()));
    [leader, follower] = [follower, await start()];
  }
  await Promise.all([leader.stop(), follower.stop()]);
  return [
    { what: "start to ready", value: ready, unit: "ms" },
    { what: "SIGTERM to end", value: ended, unit: "ms" },
    { what: "RSS at rest", value: rss, unit: "MB" },
    { what: "requests an hour at rest", value: (requests.size * 3600) / seconds },
    { what: "  of them renewals of the lease", value: (updates * 3600) / seconds },
    {
      what: "takeover after SIGKILL, the longest of 3",
      value: Math.max(...crash),
      unit: "ms",
      aim: "≤ 17 s",
      reached: Math.max(...crash) <= 17_000,
    },
    {
      what: "takeover after SIGTERM, the longest of 3",
      value: Math.max(...handover),
      unit: "ms",
      aim: "≤ 1 s",
      reached: Math.max(...handover) <= 1_000,
    },
  ];
}

/** Milliseconds from an end of the leader to the lease being another's. */
async function takeover(kubeconfig: string, end: () => void): Promise<number> {
  const transport = Transport.fromKubeconfig(kubeconfig);
  const leases = permissions.client(transport)("leases.coordination.k8s.io");
  const holder = async (): Promise<string> => {
    const lease = await leases.get({ namespace: "plimsoll-system", name: "plimsoll" });
    return lease.spec?.holderIdentity ?? "";
  };
  const before = await holder();
  const began = performance.now();
  end();
  for (let now = before; now === before || now === ""; now = await holder()) await sleep(20);
  const took = performance.now() - began;
  await transport.close();
  return took;
}
