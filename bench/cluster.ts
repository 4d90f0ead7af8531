import { setTimeout as sleep } from "node:timers/promises";
import { withBench, type Bench } from "./controller.ts";
import { chains, fanOut, layered, type Load } from "./loads.ts";
import { usageOf } from "./process.ts";
import { percentile, report, type Row } from "./table.ts";
import { readTraffic } from "./traffic.ts";

/** The loads that Argo Workflows was measured with, one after the other on one cluster. */
export async function clusterBench(): Promise<void> {
  await withBench({ name: "bench" }, async (bench) => {
    const idle = usageOf(bench.controllerPid).rss;
    const loads = [
      (namespace: string) => chains(namespace, 200),
      (namespace: string) => fanOut(namespace, 500),
      (namespace: string) => layered(namespace, 300, 15),
    ];
    for (const make of loads) {
      const load = make(await bench.namespace());
      report(load.name, await measure(bench, load));
    }
    report("controller at rest", [
      { what: "RSS before the first run", value: idle, unit: "MB" },
      { what: "RSS after the last", value: usageOf(bench.controllerPid).rss, unit: "MB" },
    ]);
  });
}

async function measure(bench: Bench, load: Load): Promise<Row[]> {
  const before = { controller: usageOf(bench.controllerPid), server: usageOf(bench.apiServerPid) };
  const mark = await bench.audit.mark();
  const started = Date.now();
  await bench.carryOut(load);
  const wall = (Date.now() - started) / 1000;
  // What others still write about the last Jobs belongs to the load.
  await sleep(3_000);
  const after = { controller: usageOf(bench.controllerPid), server: usageOf(bench.apiServerPid) };
  const { ours, all, users, latencies } = await readTraffic(bench.audit, mark, load.namespace, load.pipeline);

  const cpu = (after.controller.cpu - before.controller.cpu) / load.steps;
  const median = percentile(latencies, 0.5);
  const aim = load.argo.wall * load.share;
  const requests: Row = load.oneJob
    ? { what: "our requests in all", value: ours.requests, peer: `Argo: ${load.argo.requests}`, aim: "≤ 20", reached: ours.requests <= 20 }
    : {
        what: "our writes a step",
        value: ours.writes / load.steps,
        peer: `Argo: ${load.argo.requests}`,
        aim: "≤ 2",
        reached: ours.writes / load.steps <= 2,
      };
  const followUp: Row[] = [
    {
      what: "last pod's end to next Job, median",
      value: median,
      unit: "ms",
      peer: "Argo: 900–1,600 ms (9–10 s)",
      aim: "< 100 ms",
      reached: median < 100,
    },
    { what: "last pod's end to next Job, p99", value: percentile(latencies, 0.99), unit: "ms" },
  ];
  return [
    { what: "wall", value: wall, unit: "s", peer: `Argo: ${load.argo.walls}`, aim: `≤ ${aim.toFixed(1)} s`, reached: wall <= aim },
    requests,
    { what: "everybody's requests a step", value: all / load.steps },
    { what: "our requests", value: ours.kinds },
    {
      what: "requests a step by user",
      value: users
        .slice(0, 5)
        .map(([user, count]) => `${(count / load.steps).toFixed(1)} ${user.replace(/^system:(serviceaccount:kube-system:)?/, "")}`)
        .join(", "),
    },
    ...(latencies.length > 0 ? followUp : []),
    { what: "controller's CPU a step", value: cpu, unit: "ms", peer: "Argo: 5–24 ms", aim: "< 5 ms", reached: cpu < 5 },
    {
      what: "controller's peak RSS",
      value: after.controller.peakRss,
      unit: "MB",
      peer: "Argo: 100–130 MB",
      aim: "< 150 MB",
      reached: after.controller.peakRss < 150,
    },
    { what: "API server's CPU a step", value: (after.server.cpu - before.server.cpu) / load.steps, unit: "ms" },
  ];
}
