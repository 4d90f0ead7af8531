import { up } from "@plimsoll/cluster";
import { controllerToken, Host } from "@plimsoll/controller";
import { completeObjects, readValues } from "@plimsoll/controller/installation";
import { inventory } from "@plimsoll/features/inventory";
import { Transport } from "@plimsoll/kube";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { kubeconfigWith } from "../scripts/local-controller.ts";
import { bigDataCrds } from "./support/big-data-kinds.ts";
import { file, pathOf, plimsoll, type Result } from "./support/cli.ts";
import { kubectlOf } from "./support/kubectl.ts";

const home = "plimsoll-system";
const namespace = "spot-system";
const deadline = { timeout: 120_000, interval: 500 };

let cluster: Awaited<ReturnType<typeof up>>;
let admin: Transport;

beforeAll(async () => {
  cluster = await up({ name: `bigdata-${process.pid}`, kubelet: false });
  admin = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent: "tests" });
  const kubectl = kubectlOf(cluster.kubeconfig);
  for (const name of [home, namespace]) await kubectl("create", "namespace", name);
  const values = readValues(JSON.stringify({ features: { inventory: { enabled: true, bigData: true } } }), "values.json");
  const kinds = new Set(["CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding"]);
  const objects = completeObjects({ values, given: {}, namespace: home, version: "0.0.0" }).map(({ object }) => object);
  await apply(objects.filter(({ kind }) => kinds.has(kind)));
  for (const role of ["view", "edit"]) {
    await kubectl("create", "serviceaccount", role, "-n", namespace);
    await kubectl("create", "rolebinding", role, "-n", namespace, `--clusterrole=${role}`, `--serviceaccount=${namespace}:${role}`);
    writeFileSync(kubeconfigOf(role), kubeconfigWith(cluster.kubeconfig, await tokenOf(role, namespace), namespace), { mode: 0o600 });
  }
});
afterAll(async () => {
  await admin.close();
  await cluster.down();
});

async function apply(items: readonly object[]): Promise<void> {
  const name = file("objects.json", JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await kubectlOf(cluster.kubeconfig)("apply", "--server-side", "--force-conflicts", "-f", pathOf(name));
}

const kubeconfigOf = (role: string): string => join(cluster.folder, `${role}.kubeconfig`);
const tokenOf = (account: string, namespace: string): Promise<string> => controllerToken(admin, { account, namespace });

/** As a user who has a role in the namespace; without one, as the administrator. */
const bigdata = (role: "view" | "edit" | undefined, ...args: string[]): Promise<Result> =>
  plimsoll(["bigdata", ...args, ...(args.includes("-A") ? [] : ["-n", namespace])], {
    kubeconfig: role === undefined ? cluster.kubeconfig : kubeconfigOf(role),
  });

/** Defines the kinds, and waits until the environments' is served. */
async function define(options?: Parameters<typeof bigDataCrds>[0]): Promise<void> {
  await apply(bigDataCrds(options));
  await kubectlOf(cluster.kubeconfig)("wait", "--for=condition=Established", "--timeout=120s", ...names);
}

const names = [
  "bigdataenvironments.bigdata.spot.io",
  "wavecomponents.wave.spot.io",
  "waveenvironments.wave.spot.io",
  "sparkapplications.wave.spot.io",
].map((name) => `crd/${name}`);

const environment = (name: string) => ({
  apiVersion: "bigdata.spot.io/v1",
  kind: "BigDataEnvironment",
  metadata: { name, namespace },
  spec: { active: true, purge: false, state: "Ready", components: [{ name: "operator" }, "gateway"] },
});

test("where the cluster doesn't know environments, that is said", async () => {
  const unknown = "this cluster doesn't know BigDataEnvironments (bigdataenvironments.bigdata.spot.io)";
  for (const args of [["list"], ["activate", "spark"], ["purge", "spark", "--yes"]])
    expect(await bigdata(undefined, ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(unknown) as string });
});

test("environments are listed by who has view, switched by who has edit, and counted by the controller, with the rights of one value", async () => {
  await define();
  await apply([
    environment("spark"),
    { apiVersion: "wave.spot.io/v1alpha1", kind: "WaveComponent", metadata: { name: "a", namespace }, spec: { name: "a" } },
  ]);
  await vi.waitFor(async () => {
    expect(await bigdata("view", "list")).toMatchObject({ code: 0 });
    expect(await bigdata("edit", "activate", "spark", "--dry-run")).toMatchObject({ code: 0 });
  }, deadline);

  expect((await bigdata("view", "-o", "wide")).stdout).toMatch(
    /^NAME +ACTIVE +PURGE +STATE +AGE +COMPONENTS\nspark +true +false +Ready +\S+ +operator,gateway$/m,
  );
  expect((await bigdata(undefined, "-A")).stdout).toMatch(/^NAMESPACE +NAME[^\n]*\nspot-system +spark +true/);
  expect((await bigdata("view", "list", "-o", "name")).stdout).toBe("bigdataenvironment.bigdata.spot.io/spark\n");
  const { items } = JSON.parse((await bigdata("view", "list", "-o", "json")).stdout) as { items: { spec: object }[] };
  expect(items[0]?.spec).toMatchObject({ active: true });
  expect(await bigdata("view", "deactivate", "spark")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("cannot patch") as string,
  });

  const specOf = async (): Promise<unknown> => {
    const path = `/apis/bigdata.spot.io/v1/namespaces/${namespace}/bigdataenvironments/spark`;
    return (await admin.request<{ spec: object }>({ method: "GET", path })).spec;
  };
  expect((await bigdata("edit", "deactivate", "spark", "--dry-run")).stdout).toContain('"spark": spec.active is false (dry run)\n');
  expect(await specOf()).toMatchObject({ active: true });
  expect((await bigdata("edit", "deactivate", "bigdataenvironment.bigdata.spot.io/spark")).code).toBe(0);
  expect(await specOf()).toMatchObject({ active: false, purge: false, state: "Ready" });
  expect((await bigdata("edit", "activate", "spark")).code).toBe(0);
  expect(await bigdata("edit", "purge", "spark")).toMatchObject({ code: 2, stderr: expect.stringContaining("give --yes") as string });
  expect(await specOf()).toMatchObject({ active: true, purge: false });
  expect(await bigdata("edit", "purge", "spark", "--yes")).toMatchObject({ code: 0 });
  expect(await specOf()).toMatchObject({ active: true, purge: true });
  expect(await bigdata("edit", "purge", "spark", "--cancel")).toMatchObject({ code: 0 });
  expect(await specOf()).toMatchObject({ purge: false });
  const missing = 'no BigDataEnvironment "nobody" in namespace "spot-system": see `plimsoll bigdata list -A`';
  expect(await bigdata("edit", "activate", "spark", "nobody")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(missing) as string,
  });
  const suggested = await plimsoll(["complete", "--", "bigdata", "purge", "-n", namespace, ""], { kubeconfig: kubeconfigOf("view") });
  expect(suggested.stdout).toContain("spark");

  const token = await tokenOf("plimsoll", home);
  const sender = Transport.fromKubeconfig(cluster.kubeconfig, { token, userAgent: "inventory" });
  const host = new Host({ sender, log: pino({ level: "silent" }), namespaces: { own: home } });
  const end = new AbortController();
  const config = inventory.config.parse({ bigData: true, customInterval: "1s" });
  const running = host.run([{ feature: inventory, config }], end.signal);
  try {
    await host.synced();
    const line = (group: string, resource: string): string =>
      `plimsoll_inventory_custom_objects{group="${group}",resource="${resource}",in_namespace="${namespace}"} 1`;
    const counted = async (): Promise<string[]> =>
      (await host.metrics.metrics()).split("\n").filter((line) => line.startsWith("plimsoll_inventory_custom_objects{"));
    await vi.waitFor(
      async () =>
        expect(new Set(await counted())).toEqual(
          new Set([line("wave.spot.io", "wavecomponents"), line("bigdata.spot.io", "bigdataenvironments")]),
        ),
      deadline,
    );
  } finally {
    end.abort();
    await running;
    await sender.close();
  }
});

test("a kind without the field is told, and nothing is changed", async () => {
  await define({ without: "purge" });
  await apply([environment("other")].map(({ spec: { purge: _, ...spec }, ...rest }) => ({ ...rest, spec })));
  await vi.waitFor(
    async () =>
      expect(await bigdata(undefined, "purge", "other", "--yes")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("have no spec.purge in this cluster") as string,
      }),
    deadline,
  );
});

test("environments of a kind without namespaces are listed and switched, too", async () => {
  await kubectlOf(cluster.kubeconfig)("delete", "--wait", ...names);
  await define({ scope: "Cluster" });
  const { namespace: _, ...metadata } = environment("whole").metadata;
  // kubectl remembers for a while that the kind had namespaces.
  const body = { ...environment("whole"), metadata };
  await vi.waitFor(() => admin.request({ method: "POST", path: "/apis/bigdata.spot.io/v1/bigdataenvironments", body }), deadline);
  await vi.waitFor(
    async () =>
      expect(await bigdata(undefined, "deactivate", "whole")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("spec.active is false") as string,
      }),
    deadline,
  );
  expect((await bigdata(undefined)).stdout).toMatch(/^whole +false +false +Ready/m);
});
