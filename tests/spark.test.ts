import { crds, sparkCrds } from "@plimsoll/api";
import { buildImage, up, type AuditLog, type Cluster } from "@plimsoll/cluster";
import { driverRules } from "@plimsoll/features/spark";
import { atoms, atomText } from "@plimsoll/permissions";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { begin, plimsoll } from "./support/cli.ts";
import { place, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { program } from "./support/spark-program.ts";
import { executorsOf, logOf, monitoring, patience, query, run, specOf, statusIn } from "./support/spark-site.ts";

// Real Spark on the real kubelet: PyPI's package in an image of Debian, which the first run builds.

// A JVM on a busy machine takes its time, and there are three of them.
vi.setConfig({ testTimeout: 900_000 });

let cluster: Cluster;
let audit: AuditLog;
let controller: LocalController;

beforeAll(async () => {
  cluster = await up({ name: `spark-${process.pid}`, audit: true });
  if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
  audit = cluster.audit;
  await cluster.loadImage(await buildImage("spark"));
  const kinds = [{ apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication", resource: "sparkapplications" }];
  const config = { spark: {}, pipelines: { kinds } };
  const kubeconfig = await prepare(cluster, { features: Object.keys(config), config, crds: [...crds(), ...sparkCrds()] });
  controller = await startController({ kubeconfig, folder: cluster.folder, config: { features: only(config) } });
}, 1_200_000);
afterAll(async () => {
  await controller?.stop();
  await cluster?.down();
});

/** A namespace in which drivers may run, with the program. */
async function sparkPlace(): Promise<Place> {
  const own = await place(cluster.kubeconfig);
  const { client, namespace } = own;
  const role = await plimsoll(["spark", "role", "-n", namespace], { kubeconfig: cluster.kubeconfig });
  const file = join(cluster.folder, `${namespace}.yaml`);
  writeFileSync(file, role.stdout);
  await kubectlOf(cluster.kubeconfig)("apply", "-f", file);
  await client("configmaps").create({ metadata: { namespace, name: "app" }, data: { "main.py": program } });
  return own;
}

/** What drivers in a place have asked the API server for, and what of it was refused. */
async function askedSince(mark: Awaited<ReturnType<AuditLog["mark"]>>, { namespace }: Place) {
  const asked = new Set<string>();
  const refused = new Set<string>();
  for await (const { user, verb, group, resource, subresource, code } of audit.since(mark, namespace)) {
    if (user !== `system:serviceaccount:${namespace}:spark`) continue;
    const what = atomText({ verb, group, resource: subresource === "" ? resource : `${resource}/${subresource}` });
    asked.add(what);
    if (code === 403) refused.add(what);
  }
  return { asked: [...asked].sort(), refused: [...refused].sort() };
}

test("a driver and two executors compute something, with no more rights than they need, and leave nothing behind", async () => {
  const own = await sparkPlace();
  const { client, namespace } = own;
  const mark = await audit.mark();
  await run(own, specOf("until-replaced", { monitoring }, 2));
  const executors = await executorsOf(own, 2);
  for (const { spec } of executors) {
    expect(spec?.automountServiceAccountToken).toBe(false);
    expect(spec?.serviceAccountName).toBe("default");
    expect(spec?.volumes?.filter(({ projected }) => projected !== undefined)).toEqual([]);
  }

  // Its UI, through the API server.
  await statusIn(own, "RUNNING");
  const ui = begin(["spark", "ui", "app", "-n", namespace], cluster.kubeconfig);
  const [address = ""] = /http:\S+/.exec(await firstLine(ui.stdout)) ?? [];
  const page = await fetch(address);
  expect(page.url).toBe(`${address}jobs/`);
  const text = await page.text();
  expect(text).toContain("Spark Jobs");
  // Its links, as the API server writes them, lead to pages at addresses of Spark's own.
  const [, link = ""] = /href="([^"]*\/executors\/)"/.exec(text) ?? [];
  const linked = await fetch(new URL(link, address));
  expect({ status: linked.status, url: linked.url }).toEqual({ status: 200, url: `${address}executors/` });

  // Its metrics, of its own process and of its executors.
  const metrics = await fetch(`${address}metrics/ours/`);
  expect(await metrics.text()).toMatch(/^metrics_spark_\w+_driver_jvm_heap_used_Value\S* \d/m);
  const ofExecutors = await fetch(`${address}metrics/executors/prometheus/`);
  expect(await ofExecutors.text()).toMatch(/^metrics_executor_memoryUsed_bytes\{.*executor_id=/m);
  ui.kill("SIGTERM");
  await expect.poll(() => logOf(own, executors[1]?.metadata?.name ?? ""), { timeout: patience }).toMatch(/\.jvm\.heap\.used$/m);

  // Of its executors one is lost.
  await client("pods").delete({ namespace, name: executors[0]?.metadata?.name ?? "" }, { gracePeriodSeconds: 0 });
  const status = await statusIn(own, "COMPLETED", "FAILED");
  expect(status.applicationState).toEqual({ state: "COMPLETED" });
  expect(Object.keys(status.executorState ?? {}).length).toBeGreaterThanOrEqual(3);
  expect(await logOf(own, "app-driver")).toMatch(/^sum 332833500$/m);
  const logs = await plimsoll(["spark", "logs", "app", "-n", namespace], { kubeconfig: cluster.kubeconfig });
  expect(logs.stdout).toMatch(/^done$/m);
  const pods = await Array.fromAsync(client("pods").list({ namespace }));
  expect(pods.map(({ metadata }) => metadata.name)).toEqual(["app-driver"]);

  // What the driver has asked for is what its role has.
  // What drivers ask for is what their role has; executors that end before them, as below, take one right more.
  const { asked, refused } = await askedSince(mark, own);
  expect(refused).toEqual([]);
  expect([...asked, "delete pods"].sort()).toEqual(atoms(driverRules).map(atomText).sort());

  await client("sparkapplications.sparkoperator.k8s.io").delete({ namespace, name: "app" });
  await expect
    .poll(async () => {
      const select = { namespace, labelSelector: "sparkoperator.k8s.io/app-name=app" };
      const left = [
        client("pods").list(select),
        client("configmaps").list(select),
        client("services").list(select),
        client("networkpolicies.networking.k8s.io").list(select),
      ];
      return (await Promise.all(left.map((list) => Array.fromAsync(list as AsyncIterable<object>)))).flat();
    })
    .toEqual([]);
});

test("dynamic allocation takes more executors, and gives them back while the driver goes on", async () => {
  const own = await sparkPlace();
  const { client, namespace } = own;
  const mark = await audit.mark();
  const dynamicAllocation = { enabled: true, initialExecutors: 1, minExecutors: 1, maxExecutors: 2, shuffleTrackingTimeout: 1000 };
  await run(own, specOf("up-and-down", { dynamicAllocation, sparkConf: { "spark.dynamicAllocation.executorIdleTimeout": "3s" } }));
  await expect.poll(() => logOf(own, "app-driver").catch(() => ""), { timeout: patience, interval: 500 }).toMatch(/^up$[^]*^down$/m);
  const names = async () => (await executorsOf(own, 1)).map(({ metadata }) => metadata?.name ?? "");
  await expect.poll(names, { timeout: patience, interval: 500 }).toHaveLength(1);
  const [left = ""] = await names();
  const { executorState = {} } = await statusIn(own, "RUNNING");
  expect(executorState[left]).toBe("RUNNING");
  expect(Object.keys(executorState)).toHaveLength(2);

  const { asked, refused } = await askedSince(mark, own);
  expect(refused).toEqual([]);
  expect(asked).toContain("delete pods");
  const kill = await plimsoll(["spark", "kill", "app", "-n", namespace], { kubeconfig: cluster.kubeconfig });
  expect(kill).toMatchObject({ code: 0 });
  await expect.poll(() => Array.fromAsync(client("pods").list({ namespace })), { timeout: patience, interval: 500 }).toEqual([]);
});

test("an application of Scala runs the class that it names of its jar", async () => {
  const own = await sparkPlace();
  const jar = "local:///opt/spark/jars/spark-hive-thriftserver_2.13-4.3.0.jar";
  await run(own, { ...specOf(""), ...query(1000), type: "Scala", mainApplicationFile: jar });
  const { applicationState } = await statusIn(own, "COMPLETED", "FAILED");
  expect(applicationState).toEqual({ state: "COMPLETED" });
  expect(await logOf(own, "app-driver")).toMatch(/^332833500$/m);
});

test("a driver that fails is followed by another, as its policy says, and its log stays", async () => {
  const own = await sparkPlace();
  await run(own, specOf("fail-once", { restartPolicy: { type: "OnFailure", onFailureRetries: 1, onFailureRetryInterval: 1 } }));
  const status = await statusIn(own, "COMPLETED", "FAILED");
  expect(status).toMatchObject({
    applicationState: { state: "COMPLETED" },
    executionAttempts: 2,
    driverInfo: { podName: "app-driver-1-2" },
  });
  expect(await logOf(own, "app-driver")).toMatch(/^giving up$/m);
});

test("a driver's outcome is the application's", async () => {
  const own = await sparkPlace();
  await run(own, specOf("fail"));
  const { applicationState } = await statusIn(own, "COMPLETED", "FAILED");
  expect(applicationState).toMatchObject({
    state: "FAILED",
    errorMessage: expect.stringMatching(/^the driver ended with exit code 3: /) as string,
  });
  const shown = await plimsoll(["spark", "status", "app", "-n", own.namespace], { kubeconfig: cluster.kubeconfig });
  expect(shown.code).toBe(1);
  expect(shown.stdout).toMatch(/^State: +FAILED$/m);
});

test("an application that is killed has no pods, and runs again when it is resumed", async () => {
  const own = await sparkPlace();
  const { client, namespace } = own;
  await run(own, specOf("until-replaced"));
  await executorsOf(own, 1);
  const kubeconfig = cluster.kubeconfig;
  expect(await plimsoll(["spark", "kill", "app", "-n", namespace], { kubeconfig })).toMatchObject({ code: 0 });
  await statusIn(own, "SUSPENDED");
  expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]);
  await client("sparkapplications.sparkoperator.k8s.io").patch({ namespace, name: "app" }, { spec: { arguments: ["once"] } });
  expect(await plimsoll(["spark", "resume", "app", "-n", namespace], { kubeconfig })).toMatchObject({ code: 0 });
  await statusIn(own, "COMPLETED");
});

test("a step runs an application, has its outcome and its outputs, and is tried again where its driver fails", async () => {
  const own = await sparkPlace();
  const { client, namespace } = own;
  const retry = { limit: 1, backoff: { initial: "1s" } };
  // Java, with all that it needs in its image.
  const ofClasses = { ...query("${{ run.name == 'run' ? 1000 : 1 }}"), type: "Java", mainApplicationFile: undefined };
  const read = ["sh", "-c", 'echo "read=${{ steps.sum.outputs.applicationId }} ${{ steps.sum.outputs.driverPod }}" >> $PLIMSOLL_OUTPUTS'];
  await own.start(
    {
      steps: [
        { name: "sum", spark: { ...specOf(""), ...ofClasses }, keep: "always" },
        { name: "read", needs: ["sum"], image: "spark", command: read },
        { name: "bad", spark: specOf("fail"), retry, continueOnFailure: true },
      ],
    },
    { name: "run" },
  );
  const { status } = await own.ended("run", 800);
  expect(status).toMatchObject({
    phase: "Succeeded",
    steps: {
      sum: { phase: "Succeeded", outputs: { applicationId: expect.stringMatching(/^spark-/) as string, driverPod: "run--sum--1-driver" } },
      read: { phase: "Succeeded", outputs: { read: expect.stringMatching(/^spark-.* run--sum--1-driver$/) as string } },
      bad: {
        phase: "Failed",
        tries: [
          { try: 1, reason: "Failed" },
          { try: 2, reason: "Failed" },
        ],
      },
    },
  });
  expect(status?.steps?.["bad"]?.message).toMatch(/^its SparkApplication has failed: the driver ended with exit code 3: /);
  const logs = await plimsoll(["logs", "run", "sum", "-n", namespace], { kubeconfig: cluster.kubeconfig });
  expect(logs.stdout).toMatch(/^sum run--sum--1-driver │ 332833500$/m);
  const names = async () =>
    (await Array.fromAsync(client("sparkapplications.sparkoperator.k8s.io").list({ namespace }))).map(({ metadata: { name } }) => name);
  await expect.poll(names).toEqual(["run--sum--1"]);
});

test("a run that is cancelled takes its application with it, and all that this has made", async () => {
  const own = await sparkPlace();
  const { client, namespace } = own;
  await own.start({ steps: [{ name: "sum", spark: specOf("until-replaced") }] }, { name: "run" });
  await executorsOf(own, 1);
  await client("pipelineruns.plimsoll.dev").patch({ namespace, name: "run" }, { spec: { cancel: true } });
  expect((await own.ended("run")).status?.phase).toBe("Cancelled");
  const left = async () =>
    (
      await Promise.all([
        Array.fromAsync(client("sparkapplications.sparkoperator.k8s.io").list({ namespace })),
        Array.fromAsync(client("pods").list({ namespace })),
      ])
    ).flat();
  await expect.poll(left, { timeout: 120_000 }).toEqual([]);
});

test("a driver or an executor that the API server wouldn't take is told of at once, and no driver waits for executors", async () => {
  const own = await sparkPlace();
  const { client, namespace } = own;
  const { driver, executor, ...spec } = specOf("once");
  const wrong = {
    driver: { ...spec, driver: { ...driver, template: { spec: { hostNetwrk: true } } }, executor },
    executor: { ...spec, driver, executor: { ...executor, tolerations: [{ key: "a", operator: "Exist" }] } },
    unknown: { ...spec, driver, executor: { ...executor, affinity: { nodeAffinty: {} } } },
  };
  const applications = client("sparkapplications.sparkoperator.k8s.io");
  for (const [name, spec] of Object.entries(wrong)) await applications.create({ metadata: { namespace, name }, spec });
  const messageOf = async (name: string) => (await applications.get({ namespace, name })).status?.applicationState;
  for (const [name, expected] of [
    ["driver", /^no driver can be made: .*unknown field "spec\.hostNetwrk"$/],
    ["executor", /^no executor can be made: .*spec\.tolerations\[0\]\.operator: Unsupported value: "Exist"/],
    ["unknown", /^no executor can be made: .*unknown field "spec\.affinity\.nodeAffinty"$/],
  ] as const)
    await expect.poll(() => messageOf(name)).toEqual({ state: "FAILED", errorMessage: expect.stringMatching(expected) as string });
  expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]);
});

test("R runs what is Rscript to Spark, and its outcome is the application's", async () => {
  const own = await sparkPlace();
  // The image has no R: the file runs as what its first line names.
  const data = { "main.R": 'echo "as R: $*"; exit 4', Rscript: '#!/bin/sh\nexec sh "$@"' };
  await own.client("configmaps").create({ metadata: { namespace: own.namespace, name: "r" }, data });
  const { driver, ...spec } = specOf("a");
  const mounted = { ...driver, volumeMounts: [{ name: "r", mountPath: "/r" }] };
  await run(own, {
    ...spec,
    type: "R",
    mainApplicationFile: "local:///r/main.R",
    sparkConf: { "spark.r.command": "/r/Rscript" },
    volumes: [{ name: "r", configMap: { name: "r", defaultMode: 0o555 } }],
    driver: mounted,
  });
  const { applicationState } = await statusIn(own, "COMPLETED", "FAILED");
  expect(applicationState?.errorMessage).toMatch(/^the driver ended with exit code 4: /);
  expect(await logOf(own, "app-driver")).toMatch(/^as R: a$/m);
});

test("without a ServiceAccount for drivers the application says how to make one", async () => {
  const own = await place(cluster.kubeconfig);
  await run(own, specOf("once"));
  const { applicationState } = await statusIn(own, "FAILED");
  expect(applicationState?.errorMessage).toContain(`plimsoll spark role -n ${own.namespace} | kubectl apply -f -`);
});

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (stream === null) throw new Error("it has no output");
  return new Promise((resolve, reject) => {
    stream.once("data", (chunk: Buffer | string) => resolve(String(chunk)));
    stream.once("end", () => reject(new Error("it has printed nothing")));
  });
}
