import { builtin, gate, Transport } from "@plimsoll/kube";
import { Cluster, nodeOf, podOf } from "@plimsoll/model";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../bench/random.ts";
import { type Scene, sceneOf } from "./scene.ts";

const { declare, allow } = gate(builtin);
const permissions = declare("fit", [
  allow("create", "namespaces", "each scene has its own"),
  allow("get", "serviceaccounts", "to see that a namespace is ready for pods"),
  allow(["create", "get", "list"], "nodes", "each scene has its own"),
  allow(["create", "get", "delete"], "pods", "to ask the scheduler"),
  allow("create", "persistentvolumes", "volumes that are not everywhere"),
  allow(["create", "get"], "persistentvolumeclaims", "to claim them"),
]);
type Client = ReturnType<typeof permissions.client>;

/** What was asked, what kube-scheduler did, and what the model says. */
export interface Answer {
  pod: string;
  /** The node that it was bound to, or why none. */
  scheduler: string;
  model: { fits: readonly string[]; why: string };
}

/** Asks kube-scheduler and the model the same of so many scenes, in parallel. */
export async function ask(kubeconfig: string, seed: number, count: number): Promise<Answer[]> {
  const client = permissions.client(Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" }));
  const random = new Random(seed);
  const scenes = Array.from({ length: count }, (_, index) => sceneOf(random, `s${seed}-${index}`));
  await Promise.all(scenes.flatMap((scene) => scene.namespaces.map((metadata) => client("namespaces").create({ metadata }))));
  await Promise.all(scenes.flatMap((scene) => scene.nodes.map((node) => client("nodes").create(node))));
  await Promise.all(scenes.map((scene) => furnish(client, scene)));
  const labels = new Map(scenes.flatMap(({ namespaces }) => namespaces.map(({ name, labels }) => [name, labels] as const)));
  const volumes = new Map(
    scenes.flatMap((scene) =>
      scene.volumes.map(({ spec }) => [`${spec?.claimRef?.namespace}/${spec?.claimRef?.name}`, spec?.nodeAffinity?.required] as const),
    ),
  );
  const cluster = new Cluster({
    namespaceLabels: (namespace) => labels.get(namespace) ?? {},
    volumeNodes: (namespace, claim) => volumes.get(`${namespace}/${claim}`),
  });
  // All nodes are as they will be once each is ready.
  for (let ready = false; !ready;) {
    const nodes = await Array.fromAsync(client("nodes").list());
    ready = nodes.every(({ spec }) => !(spec?.taints ?? []).some(({ key }) => key === "node.kubernetes.io/not-ready"));
    ready &&= nodes.every(
      ({ spec }) => (spec?.unschedulable ?? false) === (spec?.taints ?? []).some(({ key }) => key === "node.kubernetes.io/unschedulable"),
    );
    if (ready) for (const node of nodes) cluster.setNode(nodeOf(node));
    else await sleep(200);
  }
  const answers = await Promise.all(scenes.map((scene) => play(client, cluster, scene)));
  return answers.flat();
}

async function furnish(client: Client, { namespaces, volumes }: Scene): Promise<void> {
  for (const { name } of namespaces) await eventually(() => client("serviceaccounts").get({ namespace: name, name: "default" }));
  for (const volume of volumes) {
    const { namespace = "", name = "" } = volume.spec?.claimRef ?? {};
    await client("persistentvolumes").create(volume);
    await client("persistentvolumeclaims").create({
      metadata: { namespace, name },
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        volumeName: volume.metadata?.name ?? "",
        resources: { requests: { storage: "1Gi" } },
      },
    });
    await eventually(async () => {
      const { status } = await client("persistentvolumeclaims").get({ namespace, name });
      if (status?.phase !== "Bound") throw new Error(`${namespace}/${name} is ${status?.phase}`);
    });
  }
}

async function play(client: Client, cluster: Cluster, { pods, asked }: Scene): Promise<Answer[]> {
  for (const { pod, ends } of pods) {
    const finalizers = ends ? { finalizers: ["example.com/stays"] } : {};
    const { metadata } = await client("pods").create({ ...pod, metadata: { ...pod.metadata, ...finalizers } });
    const ref = { namespace: metadata.namespace ?? "", name: metadata.name };
    if (ends) await client("pods").delete(ref);
    cluster.setPod(podOf(await client("pods").get(ref)));
  }
  const answers: Answer[] = [];
  for (const pod of asked) {
    const { metadata } = await client("pods").create(pod);
    const ref = { namespace: metadata.namespace ?? "", name: metadata.name };
    const decided = await eventually(async () => {
      const now = await client("pods").get(ref);
      if (conditionOf(now) === undefined) throw new Error(`${ref.namespace}/${ref.name} waits for the scheduler`);
      return now;
    });
    const view = { ...podOf(decided), node: undefined };
    const fits = cluster.nodes().flatMap(({ name }) => (cluster.fits(view, name).length === 0 ? [name] : []));
    const why = cluster.rehearse(() => cluster.place(view).why) ?? "";
    const node = decided.spec?.nodeName;
    answers.push({ pod: `${ref.namespace}/${ref.name}`, scheduler: node ?? conditionOf(decided)?.message ?? "", model: { fits, why } });
    if (node === undefined) await client("pods").delete(ref);
    else cluster.setPod(podOf(decided));
  }
  return answers;
}

function conditionOf({ status }: Pod): { status: string; message?: string } | undefined {
  return status?.conditions?.find(({ type }) => type === "PodScheduled");
}

/** Asks until it is answered, for two minutes. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 120_000; ; await sleep(50)) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
