import { crds, sparkCrds } from "@plimsoll/api";
import { sparkKinds } from "@plimsoll/features/kinds";
import { each, gate, Transport } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";
import { only, prepare, startController } from "../../scripts/local-controller.ts";
import { usageOf } from "../process.ts";
import { report, type Row } from "../table.ts";
import { addNamespace, userAgent, withTestbed, type Testbed } from "../testbed.ts";

const { declare, allow } = gate(sparkKinds);
const permissions = declare("bench-spark", [
  allow(["create", "list"], "sparkapplications.sparkoperator.k8s.io", "to put the load on, and see what came of it"),
]);

const count = 1_000;
const namespace = "spark";

/** What the Spark operator's own documentation says one of its processes submits, at most. */
const operators = 150;

/** Many applications at once. Their drivers are simulated: each runs for two seconds, and makes no executors. */
export async function sparkBench(): Promise<void> {
  const rows = await withTestbed({ name: "spark", rates: "raised" }, async (bed) => {
    const { cluster, client } = bed;
    const kubeconfig = await prepare(cluster, { features: ["spark"], crds: [...crds(), ...sparkCrds()] });
    const config = { features: only({ spark: { serviceAccounts: ["default"] } }) };
    const controller = await startController({ kubeconfig, folder: cluster.folder, config, env: { NODE_OPTIONS: "" } });
    const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent });
    try {
      await addNamespace(client, namespace);
      await sleep(3_000);
      return await burst(bed, transport, controller.pid);
    } finally {
      await transport.close();
      await controller.stop();
    }
  });
  report("spark", rows);
}

const annotations = { "simulated.plimsoll.dev/starts-in": "2s" };
const tolerations = [{ key: "kwok.x-k8s.io/node", operator: "Exists" }];
const spec = {
  type: "Python",
  sparkVersion: "4.3.0",
  image: "spark",
  mainApplicationFile: "local:///opt/app/main.py",
  driver: { annotations, tolerations, nodeSelector: { type: "kwok" }, memory: "512m" },
  executor: { instances: 2 },
};

async function burst({ audit, apiServerPid, cluster }: Testbed, transport: Transport, pid: number): Promise<Row[]> {
  const applications = permissions.client(transport)("sparkapplications.sparkoperator.k8s.io");
  const whole = () => cluster.components.reduce((sum, name) => sum + (cluster.pid(name) ? usageOf(cluster.pid(name) ?? 0).cpu : 0), 0);
  const cpu = () => ({ controller: usageOf(pid).cpu, server: usageOf(apiServerPid).cpu, cluster: whole() });
  const [mark, before, start] = [await audit.mark(), cpu(), Date.now()];
  await each(
    50,
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      await applications.create({ metadata: { namespace, name: `a${index}` }, spec });
    },
  );
  const made = (Date.now() - start) / 1_000;
  let states: string[] = [];
  for (const deadline = Date.now() + 900_000; Date.now() < deadline; await sleep(1_000)) {
    states = (await Array.fromAsync(applications.list({ namespace }))).map(({ status }) => status?.applicationState?.state ?? "");
    if (states.every((state) => state === "COMPLETED" || state === "FAILED")) break;
  }
  const after = cpu();
  const completed = states.filter((state) => state === "COMPLETED").length;
  const requests = new Map<string, number>();
  let [all, last, lastDriver] = [0, 0, 0];
  for await (const { verb, user, resource, subresource, at, stage, namespace: place } of audit.since(mark)) {
    if (place !== namespace || verb === "watch" || stage !== "ResponseComplete") continue;
    if (user !== "system:apiserver") all += 1;
    if (!user.startsWith("system:serviceaccount:plimsoll-system:")) continue;
    const what = `${verb} ${subresource === "" ? resource : `${resource}/${subresource}`}`;
    requests.set(what, (requests.get(what) ?? 0) + 1);
    last = Math.max(last, Date.parse(at));
    if (what === "create pods") lastDriver = Math.max(lastDriver, Date.parse(at));
  }
  const seconds = (last - start) / 1_000;
  const own = [...requests.values()].reduce((sum, one) => sum + one, 0);
  const rateUntil = (end: number): number => (count / ((end - start) / 1_000)) * 60;
  const submitted = rateUntil(lastDriver);
  return [
    { what: `${count} applications are created within`, value: made, unit: "s" },
    { what: "  completed", value: completed, aim: `${count}`, reached: completed === count },
    { what: "  the last status is written after", value: seconds, unit: "s" },
    {
      what: "  drivers made a minute, until the last one",
      value: submitted,
      peer: `Spark operator, published: ${operators}`,
      aim: `${10 * operators}`,
      reached: submitted >= 10 * operators,
    },
    { what: "  applications a minute, from the first one's creation to the last COMPLETED", value: rateUntil(last) },
    { what: "  requests of Plimsoll an application", value: own / count },
    ...Array.from(requests, ([what, times]) => ({ what: `    ${what}`, value: times / count })),
    { what: "  requests of everybody an application", value: all / count },
    { what: "  CPU of the controller an application", value: (after.controller - before.controller) / count, unit: "ms" },
    { what: "  CPU of the API server an application", value: (after.server - before.server) / count, unit: "ms" },
    {
      what: "  CPU of the whole control plane and the simulated nodes an application",
      value: (after.cluster - before.cluster) / count,
      unit: "ms",
    },
    { what: "  resident memory of the controller at its highest", value: usageOf(pid).peakRss, unit: "MB" },
  ];
}
