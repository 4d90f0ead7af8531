import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test, vi } from "vitest";
import { commandsIn, file, pathOf, plimsoll } from "./support/cli.ts";
import { place, simulated } from "./support/cluster.ts";
import { kubectl } from "./support/kubectl.ts";
import { ask } from "./support/raw-request.ts";

const apiVersion = "plimsoll.dev/v1alpha1";
const step = (name: string, more: Partial<Step> = {}): Step => ({ name, image: "busybox", command: ["true"], ...more });
const document = (kind: string, name: string, spec: object): string => JSON.stringify({ apiVersion, kind, metadata: { name }, spec });
const nowhere = { nodeSelector: { none: "such" } };
const containing = (text: string): string => expect.stringContaining(text) as string;

/** Applies a file's objects by kubectl. */
async function apply(namespace: string, ...documents: string[]): Promise<void> {
  const name = file(`${namespace}.yaml`, documents.join("\n---\n"));
  await kubectl("apply", "-n", namespace, "-f", pathOf(name));
}

test.concurrent.each(["my.pipe", "a--b", "a.b-c.d", "x".repeat(253)])("a Pipeline named %s is run by its name", async (name) => {
  const { namespace } = await place();
  const inNamespace = commandsIn(namespace);
  await apply(namespace, document("Pipeline", name, { pod: simulated, steps: [step("a")] }));
  expect(await inNamespace("run", name, "--watch")).toMatchObject({ code: 0, stdout: expect.stringMatching(/ created\n/) as string });
  expect((await inNamespace("list", "-o", "wide")).stdout).toContain(name);
});

test.concurrent("a run that kubectl applies a moment before its Pipeline waits for it", async () => {
  const { client, namespace, until, ended } = await place();
  await apply(namespace, document("PipelineRun", "early", { pipelineRef: { name: "late" } }));
  const { status } = await until("early", (run) => run.status?.message !== undefined);
  expect(status).toMatchObject({ phase: "Pending", message: `there is no Pipeline "late" in namespace "${namespace}" yet` });
  // The run waits for 15 s, and kubectl may take as long on a machine that is busy.
  const spec = { pod: simulated, steps: [step("a")] };
  await client("pipelines.plimsoll.dev").create({ apiVersion, kind: "Pipeline", metadata: { namespace, name: "late" }, spec });
  const run = await ended("early");
  expect(run.status?.phase).toBe("Succeeded");
  expect(run.status).not.toHaveProperty("message");
});

test.concurrent("of a cancelled run the tree and the logs tell what never ran", async () => {
  const { namespace, start, until, ended } = await place();
  const inNamespace = commandsIn(namespace);
  await start({ pod: nowhere, steps: [step("a"), step("b", { needs: ["a"] })] }, { name: "r" });
  await until("r", ({ status }) => status?.steps?.["a"] !== undefined);
  await inNamespace("cancel", "r");
  await ended("r");
  const { stdout } = await inNamespace("get", "r");
  expect(stdout).toMatch(/⊘ a +Cancelled/);
  expect(stdout).toMatch(/– b +Skipped +never ran/);
  expect(stdout).not.toContain("Pending");
  expect(await inNamespace("logs", "r")).toMatchObject({
    code: 0,
    stderr: "No pod of the run has started before the run was Cancelled.\n",
  });
});

test.concurrent("a deleted run that a finalizer holds says so, and nothing more is done for it", async () => {
  const { client, namespace, start, until } = await place();
  const inNamespace = commandsIn(namespace);
  const runs = client("pipelineruns.plimsoll.dev");
  await start({ pod: nowhere, steps: [step("a"), step("b"), step("c", { needs: ["a"] })] }, { name: "held" });
  await until("held", ({ status }) => status?.steps?.["b"]?.phase !== undefined);
  await runs.patch({ namespace, name: "held" }, { metadata: { finalizers: ["example.com/hold"] } });
  await kubectl("delete", "pipelinerun", "held", "-n", namespace, "--wait=false");
  await until("held", ({ metadata }) => metadata.deletionTimestamp !== undefined);
  expect((await inNamespace("get", "held")).stdout).toContain(
    "it is being deleted, and nothing more is done for it; example.com/hold holds it",
  );
  expect((await inNamespace("list")).stdout).toMatch(/held +⊘ Deleting/);
  // Its pods go, and none comes in their place.
  for await (const pod of client("pods").list({ namespace })) await client("pods").delete({ namespace, name: pod.metadata.name });
  await start({ pod: simulated, steps: [step("a")] }, { name: "other" });
  await until("other", ({ status }) => status?.finishedAt !== undefined);
  const left = await Array.fromAsync(client("pods").list({ namespace, labelSelector: "plimsoll.dev/run=held" }));
  expect(left.filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toEqual([]);
  await runs.patch({ namespace, name: "held" }, { metadata: { finalizers: null } });
});

test.concurrent.each([1.6, 2.1, 3.5])("a pipeline of %d MB is too large, and the remedy is told", async (megabytes) => {
  const { namespace } = await place();
  const count = Math.ceil((megabytes * 1e6) / 100_000);
  const steps = Array.from({ length: count }, (_, index) => ({ name: `s${index}`, image: "busybox", script: "#".repeat(100_000) }));
  const name = file(`${namespace}-large.yaml`, document("Pipeline", "large", { steps }));
  const { code, stderr } = await commandsIn(namespace)("run", name);
  expect(stderr).toMatch(/^error: the run takes [\d.]+ MiB, and the API server keeps no object of more than 1\.5: put scripts into images/);
  expect(code).toBe(1);
});

test.concurrent("a name that is taken is told with the remedy, and what is there stays", async () => {
  const { namespace } = await place();
  const inNamespace = commandsIn(namespace);
  const name = file(`${namespace}-p.yaml`, document("Pipeline", "p", { pod: simulated, steps: [step("a")] }));
  expect(await inNamespace("run", name, "--name", "one")).toMatchObject({ code: 0 });
  expect(await inNamespace("run", name, "--name", "one")).toMatchObject({
    code: 1,
    stderr: 'error: there is a run "one" already: give another --name, or leave it out for a name of its own\n',
  });
});

test.concurrent("a ConfigMap may stand beside a Pipeline, for lint, kubectl and run alike", async () => {
  const { namespace } = await place();
  const inNamespace = commandsIn(namespace);
  const map = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "b" } });
  const name = file(`${namespace}.yaml`, [map, document("Pipeline", "p", { pod: simulated, steps: [step("a")] })].join("\n---\n"));
  expect(await plimsoll(["lint", name])).toMatchObject({ code: 0, stderr: "" });
  await kubectl("apply", "-n", namespace, "-f", pathOf(name));
  expect(await inNamespace("run", name, "--watch")).toMatchObject({ code: 0 });
});

test.concurrent("the logs of ended items come by item, however they were started", async () => {
  const { namespace, start, ended } = await place();
  await start(
    {
      steps: [
        { name: "each", image: "busybox", forEach: [2, 1, 0], script: "sleep ${{ item }}; echo item ${{ itemIndex }}" },
        { name: "after", image: "busybox", needs: ["each"], script: "echo after" },
      ],
    },
    { name: "r" },
  );
  await ended("r");
  expect((await commandsIn(namespace)("logs", "r")).stdout).toBe("each[0] │ item 0\neach[1] │ item 1\neach[2] │ item 2\nafter │ after\n");
});

test.concurrent.each<[what: string, script: string, message: RegExp]>([
  ["aren't UTF-8", "printf 'x=a\\377b\\n' >> $PLIMSOLL_OUTPUTS", /^line 1 of the outputs isn't UTF-8: write text, other bytes in base64/],
  [
    "are 1,502 bytes that aren't UTF-8",
    "(printf x=; head -c 1500 /dev/zero | tr '\\0' '\\377') >> $PLIMSOLL_OUTPUTS",
    /^line 1 of the outputs isn't UTF-8/,
  ],
  [
    "are longer than 4,096 bytes",
    "for i in $(seq 1000); do echo key$i=$i; done >> $PLIMSOLL_OUTPUTS",
    /^the outputs take 4096 bytes or more, and their beginning is lost: write large results to the workspace/,
  ],
])("a step whose outputs %s fails and says why", async (_what, script, message) => {
  const { start, ended } = await place();
  await start({ steps: [{ name: "a", image: "busybox", script }] }, { name: "r" });
  expect((await ended("r")).status?.steps?.["a"]).toMatchObject({ phase: "Failed", message: expect.stringMatching(message) as string });
});

test.concurrent("what outputs and messages hold is printed without its control characters", async () => {
  const { namespace, start, ended } = await place();
  const inNamespace = commandsIn(namespace);
  const spec: PipelineSpec = {
    steps: [
      { name: "a", image: "busybox", script: "printf 'x=\\033[31mred\\n' >> $PLIMSOLL_OUTPUTS" },
      { name: "b", image: "busybox", needs: ["a"], forEach: "${{ steps.a.outputs.x }}", script: "true" },
    ],
  };
  await start(spec, { name: "r" });
  const { status } = await ended("r");
  expect(status?.steps?.["a"]?.outputs).toEqual({ x: "\u001b[31mred" });
  for (const words of [
    ["get", "r"],
    ["list", "-o", "wide"],
  ]) {
    const { stdout } = await inNamespace(...words);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  }
  expect((await inNamespace("get", "r")).stdout).toContain("x=\\u{1b}[31mred");
});

test.concurrent("a pod over its own ephemeral storage says that it was evicted, and its log that it is gone", async ({ expect }) => {
  const { namespace, start, ended } = await place();
  const resources = { requests: { "ephemeral-storage": "1Mi" }, limits: { "ephemeral-storage": "1Mi" } };
  const script = "head -c 20000000 /dev/zero > /tmp/x; echo written; sleep 600";
  const volumes = [{ name: "tmp", emptyDir: {} }];
  await start(
    { pod: { volumes }, steps: [{ name: "a", image: "busybox", script, resources, volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] }] },
    { name: "r" },
  );
  const entry = (await ended("r")).status?.steps?.["a"];
  expect(entry).toMatchObject({ phase: "Failed", message: expect.stringMatching(/^evicted: .*ephemeral.* usage exceeds/) as string });
  // The kubelet takes the container away when it comes to it, so that the kubelet is asked before and after.
  const kept = async (): Promise<boolean> => {
    const { body } = await ask("GET", `/api/v1/namespaces/${namespace}/pods/r--a--1/log`);
    return body === "written\n";
  };
  const { was, is, said } = await vi.waitFor(
    async () => {
      const was = await kept();
      const said = await commandsIn(namespace)("logs", "r");
      const is = await kept();
      if (was !== is || said.stderr.includes("No pod of the run has started")) throw new Error("the kubelet is at it");
      return { was, is, said };
    },
    { timeout: 120_000, interval: 200 },
  );
  expect({ was, is, ...said }).toMatchObject(
    was ? { code: 0, stdout: "a │ written\n" } : { code: 1, stdout: "", stderr: containing("the log of pod r--a--1 is gone") },
  );
});

/** What the API server alone refuses: lint doesn't stand before it. */
const badToleration = { patch: { spec: { tolerations: [{ key: "a", operator: "Nope" }] } } };
const fieldOf = (index: number): string => `spec.pipeline.steps[${index}].pod.patch.spec.tolerations[0].operator`;

test.concurrent("what the API server refuses of a pod is told by the step's field", async () => {
  const { start, ended } = await place();
  await start({ steps: [step("a", { pod: { ...simulated, ...badToleration } })] }, { name: "r" });
  const entry = (await ended("r")).status?.steps?.["a"];
  expect(entry).toMatchObject({ phase: "Failed", message: containing(fieldOf(0)) });
  expect(entry?.message).not.toMatch(/POST|\/apis?\/|422/);
});

test.concurrent("what the API server would refuse of a later step's pod ends the run before anything has started", async () => {
  const { client, namespace, start, ended } = await place();
  const steps = [step("a", { pod: simulated }), step("b", { needs: ["a"], pod: { ...simulated, ...badToleration } })];
  await start({ steps }, { name: "r" });
  const { status } = await ended("r");
  expect(status).toMatchObject({ phase: "Failed", message: containing(fieldOf(1)) });
  expect(Object.values(status?.steps ?? {}).flatMap(({ startedAt }) => startedAt ?? [])).toEqual([]);
  expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]);
});

test.concurrent.each([
  ["#!/usr/bin/python3", /exec: "\/usr\/bin\/python3": .*no such file or directory/],
  ["#!/usr/bin/env python3", /exec: "python3": executable file not found in \$PATH/],
])("a script of %s in an image without it fails with what the container runtime names", async (line, missing) => {
  const { start, ended } = await place();
  await start({ steps: [{ name: "a", image: "busybox", script: `${line}\nprint(1)\n` }] }, { name: "r" });
  expect((await ended("r")).status?.steps?.["a"]).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(missing) as string,
    tries: [{ reason: "CannotStart" }],
  });
});
