import { Transport } from "@plimsoll/kube";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { untilAllowed } from "../bench/reviews.ts";
import { kubeconfigWith } from "../scripts/local-controller.ts";
import { file, plimsoll } from "./support/cli.ts";
import { idlePod, place, simulated, type Place } from "./support/cluster.ts";
import { kubectl } from "./support/kubectl.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-inventory-cli-"));
const prices = file(
  "prices.yaml",
  "version: plimsoll.dev/prices/v1\nprices: [{labels: {type: kwok}, perHour: 3.2}]\nfallback: {cpu: 0.03, memory: 0.004}\n",
);

interface Printed {
  total: number;
  idle?: number;
  cost: number;
  atMostOfGonePods: number;
  rows: {
    name?: string;
    kind?: string;
    pods: number;
    per_hour: number;
    cost: number;
    cpu_requested: number;
    pending: number;
    at_most_of_gone_pods: number;
  }[];
}

async function printed(...args: string[]): Promise<Printed> {
  const { code, stdout, stderr } = await plimsoll([...args, "-o", "json"]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Printed;
}

let own: Place;
beforeAll(async () => {
  own = await place();
});

test("nodes are shown with what they have, and a namespace's pods under what they belong to", async () => {
  const { client, namespace } = own;
  const { metadata, spec } = idlePod(namespace, "waits");
  const containers = (spec?.containers ?? []).map((container) => ({ ...container, resources: { requests: { cpu: "250m" } } }));
  await client("pods").create({ metadata: metadata ?? {}, spec: { ...spec, containers } });
  expect((await plimsoll(["inventory"])).stdout).toMatch(/^NODE +PODS +CPU .*\n(.*\n)*kwok-0 +\d+\/110 +32 /);
  const { rows } = await printed("inventory", "workloads", "-n", namespace);
  expect(rows).toMatchObject([{ name: "waits", kind: "Pod", pods: 1, pending: 1, cpu_requested: 0.25 }]);
});

test("objects of custom resources are counted, in a namespace and in a snapshot", async () => {
  const { namespace } = own;
  const spec = { steps: [{ name: "a", image: "busybox" }] };
  const items = ["one", "two"].map((name) => ({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name, namespace },
    spec,
  }));
  const list = join(folder, "pipelines.json");
  writeFileSync(list, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await kubectl("create", "-f", list);
  const { rows } = await printed("inventory", "custom", "-n", namespace);
  expect(rows).toEqual([{ resource: "pipelines.plimsoll.dev", namespace, count: 2 }]);
  const { custom } = JSON.parse((await plimsoll(["inventory", "--snapshot"])).stdout) as { custom: object[] };
  expect(custom).toContainEqual({ group: "plimsoll.dev", resource: "pipelines", namespace, count: 2 });
  expect(custom.filter((one) => JSON.stringify(one).includes("metrics.k8s.io"))).toEqual([]);
});

test("what each namespace costs and what is idle are what the nodes cost", async () => {
  const { total, idle = 0, rows } = await printed("cost", "--prices", prices);
  expect(rows.reduce((all, { per_hour }) => all + per_hour, idle)).toBeCloseTo(total, 7);
  expect(total).toBeGreaterThan(32);
});

test("a run has cost what its pods did; when they are gone, at most what its status says", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start(
    {
      steps: [
        { name: "work", image: "busybox", script: "sleep 2", resources: { requests: { cpu: "10m", memory: "16Mi" } } },
        { name: "each", needs: ["work"], image: "busybox", forEach: [1, 2], script: "sleep 1", resources: { requests: { cpu: "10m" } } },
      ],
    },
    { name: "spends" },
  );
  await ended(run.metadata.name ?? "");
  const since = ["cost", "--prices", prices, "--since", "1h", "--by", "run", "-n", namespace];
  const before = await printed(...since);
  expect(before.rows).toMatchObject([{ name: "spends", pods: 3, at_most_of_gone_pods: 0 }]);
  expect(before.cost).toBeGreaterThan(0);
  for await (const pod of client("pods").list({ namespace })) await client("pods").delete({ namespace, name: pod.metadata.name });
  await expect.poll(() => Array.fromAsync(client("pods").list({ namespace })), { timeout: 120_000 }).toEqual([]);
  const after = await printed(...since);
  expect(after.rows).toMatchObject([{ name: "spends", pods: 0, cost: 0 }]);
  expect(after.atMostOfGonePods).toBeGreaterThan(0);
});

test("a snapshot of the cluster says offline what the cluster says", async () => {
  const { namespace, start, ended } = await place();
  const run = await start({ steps: [{ name: "a", pod: simulated, image: "busybox", command: ["true"] }] }, { name: "seen" });
  await ended(run.metadata.name ?? "");
  const { code, stdout } = await plimsoll(["inventory", "--snapshot"]);
  expect(code).toBe(0);
  const from = file("cluster.json", stdout);
  const offline = await plimsoll(
    ["cost", "--prices", prices, "--since", "1h", "--by", "run", "-n", namespace, "--from", from, "-o", "csv"],
    { kubeconfig: "nowhere" },
  );
  expect(offline).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n[^\n]*,seen,1,/) as string });
  expect(JSON.parse(stdout)).toMatchObject({ kubernetes: expect.stringMatching(/^v1\.\d+\.\d+/) as string });
  expect((await plimsoll(["inventory", "--from", from], { kubeconfig: "nowhere" })).stdout).toMatch(/\nkwok-0 +/);
});

test("who may only look into a namespace sees that, and is told what is left out", async () => {
  const { client, namespace } = await place();
  await client("pods").create(idlePod(namespace, "seen"));
  await kubectl("create", "serviceaccount", "reader", "-n", namespace);
  await kubectl("create", "role", "reader", "-n", namespace, "--verb=list", "--resource=pods");
  await kubectl("create", "rolebinding", "reader", "-n", namespace, "--role=reader", `--serviceaccount=${namespace}:reader`);
  const transport = Transport.fromKubeconfig(inject("kubeconfig"));
  await untilAllowed(transport, `system:serviceaccount:${namespace}:reader`, { verb: "list", group: "", resource: "pods", namespace });
  await transport.close();
  const token = (await kubectl("create", "token", "-n", namespace, "reader")).trim();
  const kubeconfig = join(folder, "reader.kubeconfig");
  writeFileSync(kubeconfig, kubeconfigWith(inject("kubeconfig"), token, namespace), { mode: 0o600 });
  const one = await plimsoll(["inventory", "workloads", "-n", namespace], { kubeconfig });
  expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(/seen +1 +1 /) as string });
  expect(one.stderr).toMatch(/^note: you may not list nodes .*: nothing is known of nodes/m);
  expect(one.stderr).toMatch(
    /^note: you may not list replicasets\.apps \(in ".*", or at all\): a Deployment's pods count for its ReplicaSets$/m,
  );
  expect(await plimsoll(["inventory"], { kubeconfig })).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /error: you may not list the pods of all namespaces; name one that you may look into: -n NAMESPACE \(.*403 Forbidden/,
    ) as string,
  });
});
