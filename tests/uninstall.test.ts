import { up, type Cluster } from "@plimsoll/cluster";
import { install } from "@plimsoll/controller";
import { removalOf, removeData, removeNamespace } from "@plimsoll/controller/installation";
import { Transport, type Sender } from "@plimsoll/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { file, plimsoll, type Result } from "./support/cli.ts";
import { place, simulated } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";

// To delete the kinds takes a cluster of its own.
let cluster: Cluster | undefined;
let controller: LocalController | undefined;
beforeAll(async () => {
  cluster = await up({ name: `uninstall-${process.pid}`, kubelet: false, simulatedNodes: 2 });
});
afterAll(async () => {
  await controller?.stop();
  await cluster?.down();
});

const values = file("simulated-values.yaml", JSON.stringify({ ...simulated, replicas: 1 }));
const stuck = file(
  "stuck.yaml",
  `apiVersion: plimsoll.dev/v1alpha1
kind: Pipeline
metadata: {name: stuck}
spec:
  pod: {nodeSelector: {none: such}}
  steps: [{name: wait, image: busybox, script: "sleep 1"}]
`,
);

test("users' data outlives an installation, and goes when that is asked for", async () => {
  if (cluster === undefined) throw new Error("there is no cluster");
  const { kubeconfig, folder } = cluster;
  const run = (...args: string[]): Promise<Result> => plimsoll(args, { kubeconfig });
  expect(await run("version")).toMatchObject({ code: 0, stdout: expect.stringContaining("controller  none in this cluster") });
  expect((await run("install", "-f", values, "--yes")).code).toBe(0);
  const account = await prepare({ kubeconfig, folder }, { namespace: "controller" });
  controller = await startController({ kubeconfig: account, folder });
  const { namespace, client } = await place(kubeconfig);
  expect(await run("run", stuck, "-n", namespace)).toMatchObject({ code: 0 });
  await expect.poll(async () => (await Array.fromAsync(client("pods").list({ namespace }))).length).toBe(1);

  const plain = await run("uninstall", "--yes");
  expect(plain).toMatchObject({ code: 0, stdout: expect.stringContaining("and without a controller from then on") });
  expect(plain.stdout).toMatch(new RegExp(`\\n {2}${namespace}/stuck-`));
  expect((await run("list", "-n", namespace, "-o", "name")).stdout).toMatch(/^pipelinerun\.plimsoll\.dev\/stuck-/);

  expect(await run("upgrade", "--install", "-f", values, "--yes", "-n", "second")).toMatchObject({ code: 0 });
  expect(await run("install", "-f", values, "--yes", "-n", "third")).toMatchObject({ code: 0 });
  expect(await run("uninstall", "--delete-data", "--yes", "-n", "second")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the installation in namespace "third" works with the same kinds and runs'),
  });
  expect((await run("uninstall", "--yes", "-n", "third")).code).toBe(0);

  // A run that somebody begins meanwhile goes, too.
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  onTestFinished(() => transport.close());
  let begins = 0;
  await removeData({
    async request<T>(request: Parameters<Sender["request"]>[0]): Promise<T> {
      const answer = await transport.request<T>(request);
      if (request.method === "DELETE" && request.path.includes("/pipelineruns/") && (begins += 1) === 1)
        expect(await run("run", stuck, "-n", namespace)).toMatchObject({ code: 0 });
      return answer;
    },
    stream: (request) => transport.stream(request),
  });
  expect(begins).toBe(2);
  expect(await run("run", stuck, "-n", namespace)).toMatchObject({ code: 0 });

  const whole = await run("uninstall", "--delete-data", "--yes", "-n", "second");
  expect(whole).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("deleted Plimsoll's kinds"),
    stderr: expect.not.stringContaining("error: "),
  });
  expect(whole.stdout).toContain("and ended by this");
  expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]);
  expect((await run("list", "-n", namespace)).stderr).toContain("doesn't know Plimsoll's kinds");
  expect(await run("uninstall", "--delete-data", "--yes", "-n", "second")).toMatchObject({ code: 0 });

  // Installed anew while a kind is yet being deleted, it isn't taken along.
  await install(transport, { namespace: "fourth" });
  const asAdministrator = kubectlOf(kubeconfig);
  const crd = "crd/pipelines.plimsoll.dev";
  const finalizers = (list: string[]) =>
    asAdministrator("patch", crd, "--type=merge", `--patch=${JSON.stringify({ metadata: { finalizers: list } })}`);
  await finalizers(["plimsoll.dev/test"]);
  await asAdministrator("delete", crd, "--wait=false");
  let reads = 0;
  await install(
    {
      async request<T>(request: Parameters<Sender["request"]>[0]): Promise<T> {
        const isRead = request.method === "GET" && request.path.endsWith("/pipelines.plimsoll.dev");
        if (isRead && (reads += 1) === 3) await finalizers([]);
        return transport.request<T>(request);
      },
      stream: (request) => transport.stream(request),
    },
    { namespace: "fourth" },
  );
  expect(await asAdministrator("get", crd, "-o", "jsonpath={.metadata.deletionTimestamp}")).toBe("");
});

test("Spark's kinds go with the data where they are Plimsoll's alone, and stay where somebody else has a hand in them", async () => {
  if (cluster === undefined) throw new Error("there is no cluster");
  const { kubeconfig } = cluster;
  const kubectl = kubectlOf(kubeconfig);
  const run = (...args: string[]): Promise<Result> => plimsoll([...args, "-n", "with-spark"], { kubeconfig });
  const settings = { ...simulated, replicas: 1, features: { spark: { enabled: true, crds: true } } };
  const withSpark = file("spark-values.yaml", JSON.stringify(settings));
  const [applications, schedules] = ["sparkapplications", "scheduledsparkapplications"].map((name) => `crd/${name}.sparkoperator.k8s.io`);
  if (applications === undefined || schedules === undefined) throw new Error("there are two kinds");
  expect((await run("install", "-f", withSpark, "--yes")).code).toBe(0);
  await kubectl("label", schedules, "team=data");
  const said = await run("uninstall", "--delete-data", "--dry-run");
  expect(said.stdout).toContain("- CustomResourceDefinition sparkapplications.sparkoperator.k8s.io, with all that is of it\n");
  const stays = "stays with all that is of it: CustomResourceDefinition scheduledsparkapplications.sparkoperator.k8s.io.";
  expect(said.stdout).toContain(stays);
  expect(await run("uninstall", "--delete-data", "--yes")).toMatchObject({ code: 0 });
  const left = (await kubectl("get", "crd", "-o", "name")).split("\n").filter((name) => name.includes("sparkoperator"));
  expect(left).toEqual(["customresourcedefinition.apiextensions.k8s.io/scheduledsparkapplications.sparkoperator.k8s.io"]);
});

test("a namespace is left where what is in it can't be told, and a group that has just gone holds nothing", async () => {
  if (cluster === undefined) throw new Error("there is no cluster");
  const { kubeconfig } = cluster;
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  onTestFinished(() => transport.close());
  await install(transport, { namespace: "fifth" });
  const asAdministrator = kubectlOf(kubeconfig);
  const group = (name: string) => ({ name, preferredVersion: { groupVersion: `${name}/v1` } });
  /** What stays of the namespace, where the API server's list of groups names one more. */
  const remains = async (more: string): Promise<string[]> => {
    const sender: Sender = {
      async request<T>(request: Parameters<Sender["request"]>[0]): Promise<T> {
        const answer = await transport.request<T>(request);
        if (request.path !== "/apis") return answer;
        const { groups } = answer as { groups: object[] };
        return { ...answer, groups: [...groups, group(more)] };
      },
      stream: (request) => transport.stream(request),
    };
    return removeNamespace(sender, await removalOf(transport, "fifth"), new Set());
  };
  await asAdministrator("create", "service", "externalname", "nobody", "--external-name=localhost");
  const service = { namespace: "default", name: "nobody" };
  const spec = { group: "down.example", version: "v1", service, insecureSkipTLSVerify: true, groupPriorityMinimum: 1, versionPriority: 1 };
  const apiService = { apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: "v1.down.example" }, spec };
  await transport.request({ method: "POST", path: "/apis/apiregistration.k8s.io/v1/apiservices", body: apiService });
  await asAdministrator("create", "configmap", "kept", "-n", "fifth");
  await expect.poll(() => remains("down.example")).toContain("what /apis/down.example/v1 serves (its server doesn't answer)");
  await asAdministrator("delete", "apiservice", "v1.down.example");
  expect(await remains("gone.example")).toEqual(["ConfigMap kept"]);
  await asAdministrator("delete", "configmap", "kept", "-n", "fifth");
  await expect.poll(() => remains("gone.example")).toEqual([]);
  expect(await asAdministrator("get", "ns/fifth", "--ignore-not-found", "-o", "jsonpath={.status.phase}")).not.toBe("Active");
});
