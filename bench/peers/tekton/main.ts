import { here } from "../../checkout.ts";
import { withBuild } from "../../engine/build.ts";
import { measure, restOf } from "../../engine/measure.ts";
import { chains, fanOut, type Load } from "../../loads.ts";
import { percentile, report, type Row } from "../../table.ts";
import { addNamespace, removeNamespace, withTestbed } from "../../testbed.ts";
import { folderOf } from "../fetch.ts";
import { peers } from "../sources.ts";
import { built, tunings, withController, type Tuning } from "./controller.ts";
import { install } from "./install.ts";
import { measureTekton, type TektonMeasured } from "./measure.ts";

// A matrix has at most 256 combinations, unless its default is changed.
const loads: Readonly<Record<string, (namespace: string) => Load>> = {
  "chains-20": (namespace) => chains(namespace, 20),
  "fan-200": (namespace) => fanOut(namespace, 200),
};

/** Tekton Pipelines' controller and this checkout's under the same loads, one after the other on the same cluster. */
export async function tektonBench(): Promise<void> {
  const source = peers.find(({ name }) => name === "Tekton Pipelines")?.source;
  if (source === undefined || !("module" in source)) throw new TypeError("Tekton's module isn't among the sources");
  const [program, module] = [await built(source.version), await folderOf(source)];
  if (module === undefined) throw new TypeError("a module has a folder");
  await withTestbed({ name: "tekton", rates: "raised" }, async (bed) => {
    const kubeconfig = await install(bed.cluster, module);
    const rest = await restOf(bed);
    for (const [name, make] of Object.entries(loads)) {
      if (!(process.env["LOADS"]?.split(",") ?? [name]).includes(name)) continue;
      const carriedOut = async <T>(who: string, work: (load: Load) => Promise<T>): Promise<T> => {
        const load = make(`${name}-${who}`);
        await addNamespace(bed.client, load.namespace);
        const measured = await work(load);
        await removeNamespace(bed.client, load.namespace);
        return measured;
      };
      const ours = await carriedOut("plimsoll", (load) =>
        withBuild(here, bed.cluster, (controller) => measure(bed, controller, rest, load)),
      );
      const { traffic, steps } = ours;
      report(
        `tekton, ${name}, Plimsoll`,
        figures({ ...ours, requests: traffic.all, latencies: [...traffic.latencies], cpu: ours.cpu.controller * steps }, steps),
      );
      for (const tuning of Object.keys(tunings) as Tuning[]) {
        const theirs = await carriedOut(`tekton-${tuning}`, (load) =>
          withController(bed.cluster, { program, kubeconfig, tuning }, (pid) => measureTekton(bed, pid, load)),
        );
        report(`tekton, ${name}, Tekton ${source.version}, ${tuning}`, [...figures(theirs, steps), ...kinds(theirs, steps)]);
      }
    }
  });
}

function figures({ wall, requests, latencies, cpu, peakRss }: Omit<TektonMeasured, "byKind">, steps: number): Row[] {
  return [
    { what: "wall", value: wall, unit: "s" },
    { what: "everybody's requests a step", value: requests / steps },
    { what: "controller's CPU a step", value: cpu / steps, unit: "ms" },
    { what: "controller's peak RSS", value: peakRss, unit: "MB" },
    ...(latencies.length === 0
      ? []
      : [
          { what: "last pod's end to the next pod, median", value: percentile(latencies, 0.5), unit: "ms" },
          { what: "last pod's end to the next pod, p99", value: percentile(latencies, 0.99), unit: "ms" },
        ]),
  ];
}

function kinds({ byKind }: TektonMeasured, steps: number): Row[] {
  return [...byKind].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => ({ what: `  ${kind}, a step`, value: count / steps }));
}
