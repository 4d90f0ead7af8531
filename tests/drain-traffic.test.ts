import { up, type Cluster } from "@plimsoll/cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { place } from "./support/cluster.ts";
import { drainSite, until, type DrainSite } from "./support/drain-site.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { secondNode } from "./support/second-node.ts";
import { Traffic } from "./support/traffic.ts";

const nodes = ["node-0", "node-1"];
const port = 8080;

let cluster: Cluster;
let controller: LocalController;
let takeAway: () => Promise<void>;
let site: DrainSite;

beforeAll(async () => {
  cluster = await up({ name: `drain-traffic-${process.pid}` });
  const kubeconfig = await prepare(cluster, { features: ["draining"] });
  controller = await startController({
    kubeconfig,
    folder: cluster.folder,
    config: { features: only({ draining: {} }) },
  });
  takeAway = await secondNode(cluster, "node-1");
  const { namespace } = await place(cluster.kubeconfig);
  site = drainSite(cluster.kubeconfig, namespace);
  await until("both nodes are ready", async () => {
    const all = await Array.fromAsync(site.client("nodes").list());
    return all.filter(({ status }) => status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")).length === 2;
  });
  for (const name of nodes) await site.client("nodes").patch({ name }, { metadata: { labels: { pool: site.pool } } });
}, 600_000);
afterAll(async () => {
  await site.close();
  await controller.stop();
  await takeAway();
  await cluster.down();
});

/** A web server as ordinary ones are: it is ready some seconds after it starts, and told to end it goes on for some, until nobody asks it any more. */
const server = `mkdir -p /tmp/www; echo ok > /tmp/www/index.html
httpd -f -p ${port} -h /tmp/www & server=$!
trap 'sleep 10; kill $server; exit 0' TERM
wait $server`;

async function serve(name: string): Promise<void> {
  const { client, namespace } = site;
  await client("services").create({ metadata: { namespace, name }, spec: { selector: { app: name }, ports: [{ port }] } });
  await site.deploy(name, 1, {
    terminationGracePeriodSeconds: 40,
    automountServiceAccountToken: false,
    containers: [
      {
        name: "main",
        image: "busybox",
        imagePullPolicy: "IfNotPresent",
        command: ["sh", "-c", server],
        ports: [{ containerPort: port }],
        readinessProbe: { httpGet: { path: "/", port }, initialDelaySeconds: 20, periodSeconds: 1 },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  });
}

/** Sends requests while something moves a server's only pod; gives which node it was on, and what came of the requests. */
async function during(name: string, move: (node: string) => Promise<void>) {
  const [[pod, node = ""] = [""]] = [...(await site.podsOf(name))];
  const traffic = new Traffic(cluster.kubeconfig, { namespace: site.namespace, service: name, port });
  await until("requests are answered", async () => traffic.sent > 20);
  await move(node);
  await until("another pod is ready elsewhere, and the first is gone", async () => {
    const pods = await Array.fromAsync(site.client("pods").list({ namespace: site.namespace, labelSelector: `app=${name}` }));
    const [only] = pods;
    return pods.length === 1 && only?.metadata.name !== pod && only?.spec?.nodeName !== node && isReady(only?.status?.conditions);
  });
  return traffic.stop();
}

const isReady = (conditions: { type: string; status: string }[] = []): boolean =>
  conditions.some(({ type, status }) => type === "Ready" && status === "True");

test("of the requests to a Deployment of one pod none fails while Plimsoll drains its node; some do while kubectl drains it", async () => {
  await serve("web");
  const name = `${site.pool}-traffic`;
  const ours = await during("web", async (node) => {
    await site.drain(name, { nodes: [node], surge: true });
    expect((await site.ended(name)).status).toMatchObject({ phase: "Succeeded" });
  });
  expect(await site.replicasOf("web")).toBe(1);
  await site.undo(name);
  const kubectls = await during("web", async (node) => void (await kubectlOf(cluster.kubeconfig)("drain", node, "--ignore-daemonsets")));
  console.log(
    `failed while draining: ${ours.failures.length} of ${ours.sent} by Plimsoll, ${kubectls.failures.length} of ${kubectls.sent} by kubectl`,
  );
  expect(ours.failures).toEqual([]);
  expect(ours.sent).toBeGreaterThan(100);
  expect(kubectls.failures.length).toBeGreaterThan(0);
});
