import { setTimeout as sleep } from "node:timers/promises";
import { apiServerPid, withController, type Bench } from "./controller.ts";
import { chains, fanOut, layered, type Load } from "./loads.ts";
import { usageOf } from "./process.ts";
import { percentile, report, type Row } from "./table.ts";

/** The loads that Argo Workflows was measured with, each on the same cluster with its own namespace. */
export async function clusterBench(): Promise<void> {
  await withController(async (bench) => {
    const idle = usageOf(bench.controllerPid);
    for (const make of [chains200, fanOut500, layered300]) {
      const load = make(await bench.namespace());
      const rows = await measure(bench, load);
      report(load.name, rows);
    }
    report("controller at rest", [{ what: "RSS before the first run", value: idle.rss, unit: "MB" }, { what: "RSS after the last", value: usageOf(bench.controllerPid).rss, unit: "MB" }]);
  });
}

const chains200 = (namespace: string): Load => chains(namespace, 200);
const fanOut500 = (namespace: string): Load => fanOut(namespace, 500);
const layered300 = (namespace: string): Load => layered(namespace, 300, 15);

async function measure(bench: Bench, load: Load): Promise<Row[]> {
  const before = usageOf(bench.controllerPid);
  const serverBefore = usageOf(apiServerPid(bench.cluster));
  const mark = await bench.audit.mark();
  const started = Date.now();
  await Promise.all(load.runs.map((run) => bench.client("pipelineruns.plimsoll.dev").create(run)));
  await bench.allEnded(load.runs);
  const wall = (Date.now() - started) / 1000;
  // What the controller and others still write about the last step belongs to the run.
  await sleep(2_000);
  const after = usageOf(bench.controllerPid);
  const serverAfter = usageOf(apiServerPid(bench.cluster));
  const traffic = await bench.traffic(mark, load);

  const fan = load.runs.length === 1 && load.runs[0]?.spec.pipeline?.steps.length === 1;
  const writes = traffic.ours.writes / load.steps;
  const median = percentile(traffic.latencies, 0.5);
  return [
    { what: "wall", value: wall, unit: "s", argo: load.argo.walls, aim: `≤ ${(load.argo.wall * load.share).toFixed(1)} s`, reached: wall <= load.argo.wall * load.share },
    fan
      ? { what: "our requests in all", value: traffic.ours.requests, argo: load.argo.requests, aim: "≤ 20", reached: traffic.ours.requests <= 20 }
      : { what: "our writes a step", value: writes, argo: load.argo.requests, aim: "≤ 2", reached: writes <= 2 },
    { what: "our requests a step", value: traffic.ours.requests / load.steps },
    { what: "everybody's requests a step", value: traffic.all / load.steps },
    { what: "our requests", value: traffic.ours.kinds },
    ...(traffic.latencies.length === 0
      ? []
      : [
          { what: "last pod's end to next Job, median", value: median, unit: "ms", argo: "900–1,600 ms (9–10 s)", aim: "< 100 ms", reached: median < 100 },
          { what: "last pod's end to next Job, p99", value: percentile(traffic.latencies, 0.99), unit: "ms" },
        ]),
    { what: "controller's CPU a step", value: (after.cpu - before.cpu) / load.steps, unit: "ms", argo: "5–24 ms", aim: "< 5 ms", reached: (after.cpu - before.cpu) / load.steps < 5 },
    { what: "controller's peak RSS", value: after.peakRss, unit: "MB", argo: "100–130 MB", aim: "< 150 MB", reached: after.peakRss < 150 },
    { what: "API server's CPU a step", value: (serverAfter.cpu - serverBefore.cpu) / load.steps, unit: "ms" },
  ];
}
