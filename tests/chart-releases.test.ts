import { crds } from "@plimsoll/api";
import { down, printProgress, up, type Cluster, type HelmVersion } from "@plimsoll/cluster";
import { objectsOf, readValues } from "@plimsoll/controller/installation";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import controller from "../packages/controller/package.json" with { type: "json" };
import { chart, writeValues } from "./chart/render.ts";
import { helm } from "./support/helm.ts";
import { kubectl as anyKubectl } from "./support/kubectl.ts";
import { started } from "./support/local-cluster.ts";

// A cluster of their own, as the kinds are the cluster's. It has no nodes: no pod is waited for.
const name = started("releases");
let cluster: Cluster;
let folder: string;

beforeAll(async () => {
  cluster = await up({ name, kubelet: false, onProgress: printProgress(process.stderr) });
  folder = await mkdtemp(join(tmpdir(), "plimsoll-releases-"));
});
afterAll(async () => {
  await down(name);
  await rm(folder, { recursive: true });
});

const kinds = crds()
  .map(({ metadata }) => metadata.name)
  .sort();
afterEach(deleteKinds);

const first = { replicas: 0 };
/** Something is changed, something is new, and something is gone. */
const second = { replicas: 0, logLevel: "debug", networkPolicy: { create: true }, rbac: { userRoles: false } };

describe.for([
  [3, 3],
  [4, 4],
  [3, 4],
] as const)("A release that was installed by Helm %i, and is kept by Helm %i,", ([old, now]) => {
  test("follows its values, and their history; users' objects and their kinds outlive it", async () => {
    const namespace = `follows-${old}-${now}`;
    const notes = await install(old, namespace, first);
    expect(notes).toContain(`Plimsoll ${controller.version} is installed in the namespace ${namespace}`);
    expect(notes).toMatch(/^Not switched on: autoUpdate\.enabled .*networkPolicy\.create/m);
    expect(await live(namespace)).toEqual(expected(namespace, first));

    await upgrade(now, namespace, second);
    expect(await live(namespace)).toEqual(expected(namespace, second));

    await succeeded(now, "rollback", "plimsoll", "1", "-n", namespace);
    expect(await live(namespace)).toEqual(expected(namespace, first));

    await apply({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "mine", namespace }, spec: pipeline });
    await succeeded(now, "uninstall", "plimsoll", "-n", namespace);
    expect(await live(namespace)).toEqual({});
    expect(await kubectl("get", "pipelines", "-n", namespace, "-o", "name")).toBe("pipeline.plimsoll.dev/mine\n");

    await install(now, namespace, second);
    expect(await live(namespace)).toEqual(expected(namespace, second));
    expect(await kubectl("get", "pipelines", "-n", namespace, "-o", "name")).toBe("pipeline.plimsoll.dev/mine\n");
    await succeeded(now, "uninstall", "plimsoll", "-n", namespace);
  });

  test("brings the kinds up to date, also those that an older one has left", async () => {
    const namespace = `kinds-${old}-${now}`;
    const older = await olderChart();
    await install(old, namespace, first, older);
    expect(await columns()).toEqual(["Age"]);
    await upgrade(now, namespace, first);
    expect(await columns()).toEqual(["Description", "Age"]);
    await upgrade(now, namespace, first, older);
    expect(await columns()).toEqual(["Age"]);
    await succeeded(now, "uninstall", "plimsoll", "-n", namespace);
    await install(now, namespace, first);
    expect(await columns()).toEqual(["Description", "Age"]);
    await succeeded(now, "uninstall", "plimsoll", "-n", namespace);
  });

  test("shares its cluster with another, to which it leaves the kinds or which leaves them to it", async () => {
    const [one, other] = [`one-${old}-${now}`, `other-${old}-${now}`];
    await install(old, one, first);
    const refused = await run(now, "install", "plimsoll", chart, "-n", other, "--create-namespace");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `crds.create: ${kinds[0]} is kept up to date by the installation in the namespace ${one}: give crds.create=false here`,
    );
    const without = { ...second, crds: { create: false } };
    await install(now, other, without);
    expect(await live(one)).toEqual(expected(one, first));
    expect(await live(other)).toEqual(expected(other, without));

    // The one that kept the kinds goes: the other takes them over.
    await succeeded(now, "uninstall", "plimsoll", "-n", one);
    expect(await live(other)).toEqual(expected(other, without));
    const file = await writeValues(join(folder, "taken.json"), second);
    const taken = ["upgrade", "plimsoll", chart, "-n", other, "--values", file];
    expect((await run(now, ...taken)).stderr).toContain("invalid ownership metadata");
    // Helm 4 has a conflict with itself over what Helm 3 wrote.
    await succeeded(now, ...taken, "--take-ownership", ...(old === now ? [] : ["--force-conflicts"]));
    await succeeded(now, "uninstall", "plimsoll", "-n", other);
    expect(await kubectl("get", "crd", ...kinds, "-o", "name")).not.toBe("");
  });
});

const pipeline = { steps: [{ name: "a", image: "busybox", script: "true" }] };

function run(version: HelmVersion, ...args: string[]) {
  return helm(version, args, { kubeconfig: cluster.kubeconfig });
}

async function succeeded(version: HelmVersion, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(version, ...args);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

async function install(version: HelmVersion, namespace: string, values: object, from = chart): Promise<string> {
  const file = await writeValues(join(folder, "values.json"), values);
  return succeeded(version, "install", "plimsoll", from, "-n", namespace, "--create-namespace", "--values", file);
}

async function upgrade(version: HelmVersion, namespace: string, values: object, from = chart): Promise<void> {
  const file = await writeValues(join(folder, "values.json"), values);
  await succeeded(version, "upgrade", "plimsoll", from, "-n", namespace, "--values", file);
}

/**
 * Deletes the kinds, and waits until they are gone. Where the API server (1.36.3) still makes a kind's storage anew for its last change ("storage is (re)initializing"), it tries
 * to delete it again after five minutes, or when the kind changes.
 */
async function deleteKinds(): Promise<void> {
  await kubectl("delete", "crd", "--ignore-not-found", "--wait=false", ...kinds);
  for (let look = 0; ; look += 1) {
    const left = (await kubectl("get", "crd", "--ignore-not-found", "-o", "name", ...kinds)).split("\n").filter(Boolean);
    if (left.length === 0) return;
    if (look > 0) await kubectl("annotate", "--overwrite", ...left, `look=${look}`).catch(() => "it has gone meanwhile");
    await sleep(1_000);
  }
}

function kubectl(...args: string[]): Promise<string> {
  return anyKubectl("--kubeconfig", cluster.kubeconfig, ...args);
}

async function apply(object: object): Promise<void> {
  await kubectl("apply", "-f", await writeValues(join(folder, "object.json"), object));
}

/** The objects of the installation in a namespace that there are, with what is in those that hold data or rules. */
async function live(namespace: string): Promise<Record<string, object>> {
  const resources =
    "serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings,configmaps,services,deployments,pdb,networkpolicies,validatingadmissionpolicies,validatingadmissionpolicybindings";
  const text = await kubectl("get", resources, "-A", "-l", `plimsoll.dev/installation=${namespace}`, "-o", "json");
  return byName((JSON.parse(text) as { items: Told[] }).items);
}

function expected(namespace: string, values: object): Record<string, object> {
  const installation = { values: readValues(JSON.stringify(values), "values.json"), namespace, version: controller.version };
  const objects = objectsOf(installation).map(({ object }) => object as Told);
  return byName(objects.filter(({ kind }) => kind !== "CustomResourceDefinition"));
}

interface Told {
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: object;
  rules?: object[];
  subjects?: object[];
}

/** What the API server adds no defaults to. */
function byName(objects: readonly Told[]): Record<string, object> {
  return Object.fromEntries(
    objects.map(({ kind, metadata, data, rules, subjects }) => [`${kind} ${metadata.name}`, { data, rules, subjects }]),
  );
}

/** The columns that `kubectl get pipelines` shows. */
async function columns(): Promise<string[]> {
  const path = "jsonpath={.spec.versions[0].additionalPrinterColumns[*].name}";
  return (await kubectl("get", "crd", "pipelines.plimsoll.dev", "-o", path)).split(" ");
}

/** The chart as it may have been before a kind got a column. */
async function olderChart(): Promise<string> {
  const copy = join(folder, "older");
  await cp(chart, copy, { recursive: true });
  const file = join(copy, "files/crds/pipelines.plimsoll.dev.yaml");
  const column = /^ *- name: Description\n *type: string\n *jsonPath: \.spec\.description\n/m;
  const text = await readFile(file, "utf8");
  expect(text).toMatch(column);
  await writeFile(file, text.replace(column, ""));
  return copy;
}
