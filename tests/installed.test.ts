import { buildImage, up, type Cluster } from "@plimsoll/cluster";
import { commentedRoles } from "@plimsoll/controller/roles";
import type { PodList } from "kubernetes-types/core/v1.d.ts";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import type { PipelineSpec } from "@plimsoll/api";
import { Transport } from "@plimsoll/kube";
import { signIndex, type Release, type ReleaseIndex } from "@plimsoll/updater";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { podCreations } from "../bench/pod-creations.ts";
import { cachedImage } from "../scripts/release/image/cached.ts";
import { controller } from "../scripts/release/image/controller.ts";
import { updater } from "../scripts/release/image/updater.ts";
import { plimsoll } from "./support/cli.ts";
import { place, type Place } from "./support/cluster.ts";
import { helm } from "./support/helm.ts";
import { chart as chartOf, type Chart } from "./updater/charts.ts";
import { kubectlOf, type Kubectl } from "./support/kubectl.ts";

// The chart's installation, as a platform team has it, lives through all of this in turn on a cluster of its own.
const own = "plimsoll-system";
const chart = new URL("../charts/plimsoll", import.meta.url).pathname;
const digits = new URL("../examples/digits/pipeline.yaml", import.meta.url).pathname;
const installation = ["--selector", `plimsoll.dev/installation=${own}`];

let cluster: Cluster;
let kubectl: Kubectl;
let work: Place;
/** Where the audit log was when the account of all features was given up. */
let retired: number | undefined;
/** When the API server was restarted. */
let restarting = { from: "", to: "" };
/** The release that follows. */
let second: Chart;

beforeAll(async () => {
  cluster = await up({ name: `installed-${process.pid}`, audit: true });
  kubectl = kubectlOf(cluster.kubeconfig);
  const images = [await cachedImage(controller), await cachedImage({ ...controller, version: "0.2.0" }), await cachedImage(updater)];
  for (const image of [await buildImage("python-sklearn"), ...images]) await cluster.loadImage(image);
  await kubectl("create", "namespace", own);
  await kubectl("label", "namespace", own, "pod-security.kubernetes.io/enforce=restricted");
  for (const [name, text] of Object.entries({
    ray: foreign("ray.example", "clusters", "Cluster"),
    spark: foreign("spark.example", "apps", "App"),
    other: foreign("spark.example", "others", "Other"),
  })) {
    const file = join(cluster.folder, `${name}.json`);
    writeFileSync(file, text);
    await kubectl("apply", "-f", file);
  }
  await kubectl("wait", "crd", "--all", "--for=condition=Established", "--timeout=120s");
  work = await place(cluster.kubeconfig);
}, 900_000);
afterAll(() => cluster.down());

/** Helm on this cluster; what it says where it fails. */
async function helmed(version: 3 | 4, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await helm(version, [...args, "--namespace", own], cluster);
  if (code !== 0) throw new Error(`helm ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Waits until every pod of every Deployment is of the newest template, and ready. */
async function rolledOut(): Promise<void> {
  await kubectl("rollout", "status", "deployment", "--namespace", own, ...installation, "--timeout=300s");
}

async function controllers(): Promise<string[]> {
  const { items } = JSON.parse(await kubectl("get", "pods", "-n", own, ...installation, "-o", "json")) as PodList;
  return items.flatMap(({ metadata = {} }) => (metadata.deletionTimestamp === undefined ? [metadata.name ?? ""] : []));
}

/** The pod that leads: a Lease's holder begins with its host's name, which is the pod's. */
async function leader(lease = "plimsoll"): Promise<string> {
  return vi.waitFor(
    async () => {
      const { spec } = JSON.parse(await kubectl("get", "lease", lease, "-n", own, "-o", "json")) as Lease;
      const holder = (await controllers()).find((pod) => spec?.holderIdentity?.startsWith(pod));
      if (holder === undefined) throw new Error(`the holder of the Lease is ${spec?.holderIdentity}`);
      return holder;
    },
    { timeout: 120_000, interval: 200 },
  );
}

/** What takes long enough for something to happen meanwhile. */
const slow: PipelineSpec = {
  steps: [
    { name: "load", image: "busybox", command: ["true"] },
    { name: "train", needs: ["load"], image: "busybox", forEach: [1, 2, 3], command: ["sleep", "8"] },
    { name: "publish", needs: ["train"], image: "busybox", command: ["true"] },
  ],
};

/** Starts a run, and waits until its fan-out is at work; gives its name. */
async function training(): Promise<string> {
  const { metadata } = await work.start(slow);
  return atWork(metadata.name ?? "");
}

async function atWork(name: string): Promise<string> {
  await work.until(name, (run) => run.status?.steps?.["train"]?.phase === "Running");
  return name;
}

/** Waits until a run has ended; how, how many pods it had, and which of them were created twice. */
async function outcome(name: string): Promise<{ phase: string | undefined; pods: number; twice: string[] }> {
  const { status } = await work.ended(name);
  if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
  const pods = [...(await podCreations(cluster.audit, work.namespace))].filter(([pod]) => pod.startsWith(`${name}--`));
  return { phase: status?.phase, pods: pods.length, twice: pods.flatMap(([pod, { answered }]) => (answered > 1 ? [pod] : [])) };
}

const well = { phase: "Succeeded", pods: 5, twice: [] };

/** Whether an account may list what the values opened, what the command line did, and what nobody did. */
async function mayRead(account: string): Promise<string[]> {
  const asked = ["clusters.ray.example", "apps.spark.example", "others.spark.example"].map(async (resource) => {
    const answer = kubectl("auth", "can-i", "list", resource, "-A", "--as", `system:serviceaccount:${own}:${account}`);
    // It ends with 1 where the answer is no.
    return (await answer.catch(({ stdout }: { stdout: string }) => stdout)).trim();
  });
  return Promise.all(asked);
}

/** A kind that is none of ours. */
const foreign = (group: string, plural: string, kind: string): string =>
  JSON.stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, kind },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  });

/** The rules of every role of the installation, as they are in the cluster. */
async function liveRoles(): Promise<{ name: string }[]> {
  const text = await kubectl("get", "roles,clusterroles", "-A", "-l", `plimsoll.dev/installation=${own}`, "-o", "json");
  const { items } = JSON.parse(text) as { items: { kind: string; metadata: { name: string; namespace?: string }; rules: unknown }[] };
  return items
    .filter(({ metadata }) => !["plimsoll-edit", "plimsoll-view", "plimsoll-extensions"].includes(metadata.name))
    .map(({ kind, metadata: { name, namespace = "" }, rules }) => ({ kind, name, namespace, rules }));
}

function declaredRoles(options: Parameters<typeof commentedRoles>[0]): unknown[] {
  return commentedRoles(options).flatMap(({ object }) =>
    object.kind === "Role" || object.kind === "ClusterRole"
      ? [
          {
            kind: object.kind,
            name: object.metadata.name,
            namespace: (object.metadata as { namespace?: string }).namespace ?? "",
            rules: object.rules,
          },
        ]
      : [],
  );
}

test("Helm 3 installs it: two pods that meet the restricted standard are ready, and answer at their service's address", async () => {
  await helmed(3, "install", "plimsoll", chart);
  await rolledOut();
  expect(await controllers()).toHaveLength(2);
  expect(await helmed(3, "test", "plimsoll")).toMatch(/Phase:\s+Succeeded/);
});

test("the leader's pod is killed while digits are learned, and the run ends well", async () => {
  const { code, stdout, stderr } = await plimsoll(["run", digits, "-n", work.namespace, "-o", "name"], cluster);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const run = await atWork(stdout.trim().split("/").at(-1) ?? "");
  const first = await leader();
  await kubectl("delete", "pod", first, "-n", own, "--grace-period=0", "--force");
  // Four steps, and nine models.
  expect(await outcome(run)).toEqual({ ...well, pods: 13 });
  expect(await leader()).not.toBe(first);
  await rolledOut();
});

test("the API server is killed in the middle of a run, and the run ends well", async () => {
  const run = await training();
  restarting = { from: new Date().toISOString(), to: "" };
  await cluster.kill("kube-apiserver");
  await cluster.restart("kube-apiserver");
  restarting.to = new Date().toISOString();
  expect(await outcome(run)).toEqual(well);
});

test("while the node is drained one pod stays, and the run ends well", async () => {
  // Its pods may have been restarted with the API server; the budget lets one go once both are ready.
  await rolledOut();
  await expect
    .poll(() => kubectl("get", "poddisruptionbudget", "plimsoll", "-n", own, "--output=jsonpath={.status.disruptionsAllowed}"))
    .toBe("1");
  const run = await training();
  const before = await controllers();
  const drain = kubectl("drain", "node-0", "--pod-selector", "app.kubernetes.io/name=plimsoll", "--timeout=10s");
  await expect(drain).rejects.toThrow(/disruption budget|timeout/);
  expect((await controllers()).filter((pod) => before.includes(pod))).toHaveLength(1);
  await kubectl("uncordon", "node-0");
  expect(await outcome(run)).toEqual(well);
  await rolledOut();
});

test("a Job of the updater's, in its own image, installs a release in the middle of a run, which ends well", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  second = await chartOf("0.2.0");
  const files = new Map<string | undefined, Buffer>();
  const server = createServer(({ url }, response) => {
    response.statusCode = files.has(url) ? 200 : 404;
    response.end(files.get(url));
  }).listen(0, new URL(Transport.fromKubeconfig(cluster.kubeconfig).server).hostname);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { address, port } = server.address() as AddressInfo;
  const url = `http://${address}:${port}`;
  const release: Release = {
    version: second.version,
    channel: "stable",
    date: "2026-11-27T00:00:00Z",
    chart: { url: `${url}/chart.tgz`, digest: second.digest },
  };
  const index: ReleaseIndex = { apiVersion: "plimsoll.dev/releases/v1", serial: 1, expires: "2100-01-01T00:00:00Z", releases: [release] };
  const bytes = Buffer.from(JSON.stringify(index));
  files
    .set("/index.json", bytes)
    .set("/index.json.sig", Buffer.from(signIndex(bytes, privateKey)))
    .set("/chart.tgz", second.bytes);
  const key = publicKey.export({ format: "pem", type: "spki" }).toString();
  const values = join(cluster.folder, "values.json");
  const extensions = [{ group: "ray.example", resources: ["clusters"] }];
  writeFileSync(values, JSON.stringify({ extensions, autoUpdate: { enabled: true, index: `${url}/index.json`, publicKeys: [key] } }));
  await helmed(3, "upgrade", "plimsoll", chart, "--values", values);
  await plimsoll(["extensions", "add", "spark", "--group", "spark.example", "--resources", "apps"], cluster);

  const run = await training();
  await kubectl("create", "job", "now", "--from=cronjob/plimsoll-updater", "-n", own);
  await kubectl("wait", "job/now", "-n", own, "--for=condition=Complete", "--timeout=480s");
  const images = await kubectl("get", "pods", "-n", own, ...installation, "-o", "jsonpath={.items[*].spec.containers[*].image}");
  expect(new Set(images.split(" "))).toEqual(new Set([`${controller.name}:0.2.0`]));
  await kubectl("wait", "deployment/plimsoll", "-n", own, "--for=condition=plimsoll.dev/Updated", "--timeout=60s");
  expect(await outcome(run)).toEqual(well);
  await expect.poll(() => mayRead("plimsoll")).toEqual(["yes", "yes", "no"]);
});

test("Helm 4 upgrades it to a Deployment, an account and a Lease for each feature", async () => {
  const all = declaredRoles({});
  const found = (await liveRoles()).filter(({ name }) => name !== "plimsoll-updater");
  expect(found).toEqual(expect.arrayContaining(all));
  expect(found).toHaveLength(all.length);
  retired = await cluster.audit?.mark();
  const options = ["--set", "isolation=feature,autoUpdate.enabled=false", "--reset-then-reuse-values"];
  await helmed(4, "upgrade", "plimsoll", second.file, ...options);
  await rolledOut();
  const deployments = await kubectl("get", "deployments,serviceaccounts", "-n", own, ...installation, "-o", "name");
  expect(deployments.trim().split("\n")).toEqual([
    "deployment.apps/plimsoll-pipelines",
    "deployment.apps/plimsoll-schedules",
    "serviceaccount/plimsoll-pipelines",
    "serviceaccount/plimsoll-schedules",
  ]);
  expect(await leader("plimsoll-pipelines")).toMatch(/^plimsoll-pipelines-/);
  expect(await liveRoles()).toEqual(expect.arrayContaining(declaredRoles({ isolation: "feature" })));
  expect(await liveRoles()).toHaveLength(declaredRoles({ isolation: "feature" }).length);
  expect(await outcome(await training())).toEqual(well);
  // What was opened by the command line is the accounts' that there were: it is opened again for the new ones.
  await plimsoll(["extensions", "add", "spark", "--group", "spark.example", "--resources", "apps"], cluster);
  await expect.poll(() => mayRead("plimsoll-pipelines")).toEqual(["yes", "yes", "no"]);
});

test("nothing that any of its pods asked for was refused", async () => {
  const { audit } = cluster;
  if (audit === undefined || retired === undefined) throw new Error("there is no audit log, or nothing was upgraded");
  const asked = async (account: string, mark?: number) =>
    (await Array.fromAsync(audit.since(mark))).filter(({ user }) => user === `system:serviceaccount:${own}:${account}`);
  const [all, after, isolated] = await Promise.all([asked("plimsoll"), asked("plimsoll", retired), asked("plimsoll-pipelines", retired)]);
  // Helm takes an account's roles away before the last of its pods has ended.
  const [shared, updating] = [all.slice(0, all.length - after.length), await asked("plimsoll-updater")];
  for (const requests of [shared, updating, isolated]) expect(requests.length).toBeGreaterThan(20);
  const whole = [...shared, ...updating, ...isolated];
  // Until it has read the roles, a new API server refuses whatever it is asked.
  const settled = whole.filter(({ received }) => received < restarting.from || received > restarting.to);
  expect(settled.filter(({ code }) => code === 401 || code === 403)).toEqual([]);
});

test("uninstalled, nothing of it is left but the kinds and the users' runs", async () => {
  await helmed(4, "uninstall", "plimsoll");
  const policies = "validatingadmissionpolicies,validatingadmissionpolicybindings";
  const kinds = `deployments,serviceaccounts,configmaps,services,poddisruptionbudgets,roles,rolebindings,clusterroles,clusterrolebindings,${policies}`;
  expect(await kubectl("get", kinds, "-A", ...installation, "-o", "name")).toBe("");
  expect(await kubectl("get", "pipelineruns", "-n", work.namespace, "-o", "name")).not.toBe("");
});
