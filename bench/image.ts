import { printProgress, up, type Cluster } from "@plimsoll/cluster";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { installController } from "../scripts/installed-controller.ts";
import { cachedImage } from "../scripts/release/image/cached.ts";
import { controller } from "../scripts/release/image/controller.ts";
import { startCompiled } from "./controller.ts";
import * as build from "../scripts/local-controller.ts";
import { pidOf, startOf, usageOf } from "./process.ts";
import { report, type Row } from "./table.ts";
import { until } from "./until.ts";

/** For how long the controller rests before its memory is read. */
const minutes = Number(process.env["MINUTES"] ?? 5);

const namespace = "plimsoll-system";
const { declare, allow } = gate(builtin);
const permissions = declare("bench of the image", [
  allow("list", "pods", "to know its process"),
  allow("get", "pods/log", "to know when it was ready"),
]);

/** How large the controller's image is, and what its container takes on the real node: start and memory, beside the same from source. */
export async function imageBench(): Promise<void> {
  const tar = await cachedImage(controller);
  report("image, the size", sizeRows(tar));
  const cluster = await up({ name: `image-${process.pid}`, simulatedNodes: 3, onProgress: printProgress(process.stderr) });
  try {
    const fromSource = await startCompiled(build, cluster);
    await sleep(minutes * 60_000);
    const { rss } = usageOf(fromSource.pid);
    await fromSource.stop();
    report("image, the container", [
      ...(await containerRows(cluster, tar)),
      { what: "from source, outside a container: RSS, at rest as the leader", value: rss, unit: "MB" },
    ]);
  } finally {
    await cluster.down();
  }
}

function sizeRows(tar: string): Row[] {
  const read = (path: string) => execFileSync("tar", ["-xOf", tar, path], { encoding: "utf8" });
  const blob = (digest: string) => read(`blobs/sha256/${digest.replace("sha256:", "")}`);
  const { manifests } = JSON.parse(read("index.json")) as { manifests: [{ digest: string }] };
  const { layers } = JSON.parse(blob(manifests[0].digest)) as { layers: [Size, Size, Size] };
  const [libraries, node, program] = layers.map(({ size }) => size / 1e6) as [number, number, number];
  return [
    { what: "the whole", value: libraries + node + program, unit: "MB" },
    { what: "  of it Node", value: node, unit: "MB" },
    { what: "  shared libraries, certificates, licences", value: libraries, unit: "MB" },
    { what: "  the program", value: program, unit: "MB" },
    { what: "beside Node", value: libraries + program, unit: "MB", aim: "≤ 130 MB", reached: libraries + program <= 130 },
  ];
}

interface Size {
  size: number;
}

async function containerRows(cluster: Cluster, tar: string): Promise<Row[]> {
  await cluster.loadImage(tar);
  const transport = Transport.fromKubeconfig(cluster.kubeconfig);
  try {
    const client = permissions.client(transport);
    await installController(transport, namespace);
    const pod = await until("the container runs", () => processOfPod());
    const filled = await until("the caches are filled", async () => {
      const lines = await Array.fromAsync(client("pods/log").read({ namespace, name: pod.name }));
      const line = lines.find((line) => line.includes('"msg":"the caches are filled"'));
      return line === undefined ? undefined : (JSON.parse(line) as { time: number }).time;
    });
    const ready = filled - startOf(pod.pid);
    await sleep(minutes * 60_000);
    const { rss, peakRss } = usageOf(pod.pid);
    const what = `RSS after ${minutes} minutes at rest, as the leader`;
    return [
      { what: "process start to ready", value: ready, unit: "ms", aim: "≤ 2,000 ms", reached: ready <= 2_000 },
      { what, value: rss, unit: "MB", aim: "≤ 100 MB", reached: rss <= 100 },
      { what: "  the peak", value: peakRss, unit: "MB" },
    ];

    async function processOfPod(): Promise<{ name: string; pid: number } | undefined> {
      const [pod] = await Array.fromAsync(client("pods").list({ namespace }));
      if (pod?.status?.containerStatuses?.[0]?.state?.running === undefined) return undefined;
      const pid = pidOf(`HOSTNAME=${pod.metadata.name}`);
      return pid === undefined ? undefined : { name: pod.metadata.name, pid };
    }
  } finally {
    await transport.close();
  }
}
