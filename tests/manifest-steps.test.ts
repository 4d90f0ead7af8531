import type { PipelineRun } from "@plimsoll/api";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { plimsoll } from "./support/cli.ts";
import { phases, type Place } from "./support/cluster.ts";
import { keepFromDeleting } from "./support/keep-from-deleting.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { definitionOf, grantedKinds, jobStep, studies, studyStep } from "./support/made-objects.ts";
import { ownCluster, type OwnCluster } from "./support/own-cluster.ts";

let site: OwnCluster;
beforeAll(async () => {
  const ghost = { apiVersion: "example.dev/v1", kind: "Ghost", resource: "ghosts" };
  site = await ownCluster("steps", { pipelines: { kinds: [...grantedKinds, ghost] } }, [studies as never]);
});
afterAll(() => site.close());

const jobsIn = async ({ client, namespace }: Place) => Array.fromAsync(client("jobs.batch").list({ namespace }));
const noJobs = (own: Place) => vi.waitFor(async () => expect(await jobsIn(own)).toEqual([]), { timeout: 60_000, interval: 200 });

/** Tells how a study stands, as its operator would, once it is there. */
async function tellOf({ namespace }: Place, name: string, status: object): Promise<void> {
  const kubectl = kubectlOf(site.kubeconfig);
  const patch = JSON.stringify({ status });
  await vi.waitFor(() => kubectl("patch", "studies", name, "-n", namespace, "--subresource=status", "--type=merge", "-p", patch), {
    timeout: 60_000,
    interval: 200,
  });
}

const studiesIn = async ({ namespace }: Place): Promise<string> =>
  (await kubectlOf(site.kubeconfig)("get", "studies", "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}")).trim();

const triesOf = ({ status }: PipelineRun, step: string): unknown[] =>
  (status?.steps?.[step]?.tries ?? []).map(({ try: number, reason, message }) => [number, reason, message]);

test("a Job is made and waited for, its outputs are read, and it is deleted when they are written; nothing else is asked for", async () => {
  const own = await site.place();
  const mark = await site.audit.mark();
  await own.start(
    {
      params: [{ name: "count", type: "integer", default: 2 }],
      steps: [
        jobStep("first", {
          spec: { completions: "${{ params.count }}" },
          outputs: { pods: "object.status.succeeded", name: "object.metadata.name" },
        }),
        jobStep("second", { needs: ["first"], spec: { completions: "${{ int(steps.first.outputs.pods) + 1 }}" }, keep: "always" }),
      ],
    },
    { name: "run" },
  );
  const run = await own.ended("run");
  expect(run.status).toMatchObject({ phase: "Succeeded", steps: { first: { outputs: { pods: "2", name: "run--first--1" } } } });
  await vi.waitFor(async () => expect((await jobsIn(own)).map(({ metadata: { name } }) => name)).toEqual(["run--second--1"]));
  const [kept] = await jobsIn(own);
  expect(kept).toMatchObject({
    metadata: {
      labels: { "plimsoll.dev/run": "run", "plimsoll.dev/step": "second", "plimsoll.dev/try": "1" },
      ownerReferences: [{ kind: "PipelineRun", name: "run", uid: run.metadata.uid, controller: true }],
    },
    spec: { completions: 3 },
  });
  const asked: string[] = [];
  for await (const { user, verb, resource, namespace } of site.audit.since(mark))
    if (user === site.account && namespace === own.namespace && ["jobs", "pods", "pipelineruns"].includes(resource))
      asked.push(`${verb} ${resource}`);
  expect(asked.filter((one) => one.endsWith("jobs"))).toEqual(["create jobs", "create jobs", "delete jobs"]);
  expect(asked.filter((one) => one.endsWith("pods"))).toEqual([]);

  // What is kept goes with the run.
  await own.client("pipelineruns.plimsoll.dev").delete({ namespace: own.namespace, name: "run" });
  await noJobs(own);
});

test("a Job that fails is made again as its step says, and the failed ones stay where the step wants that", async () => {
  const own = await site.place();
  const spec = { activeDeadlineSeconds: 1 };
  await own.start(
    {
      steps: [jobStep("late", { runs: false, spec, retry: { limit: 1, backoff: { initial: "1s" } }, keep: "onFailure" })],
      finally: [jobStep("last", { outputs: { none: "object.status.nothing" } })],
    },
    { name: "run" },
  );
  const run = await own.ended("run");
  expect(phases(run)).toEqual({ late: "Failed", last: "Failed" });
  expect(triesOf(run, "late")).toEqual(
    [1, 2].map((number) => [number, "Failed", "its Job has failed: Job was active longer than specified deadline"]),
  );
  expect(triesOf(run, "last")).toEqual([[1, "InvalidOutputs", expect.stringMatching(/^outputs\.none: .*there is no "nothing"/)]]);
  await vi.waitFor(async () => expect((await jobsIn(own)).map(({ metadata: { name } }) => name)).toEqual(["run--late--1", "run--late--2"]));
});

test("a Job whose step takes too long, and one whose run is cancelled, is deleted with its pods", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  await own.start({ steps: [jobStep("slow", { runs: false, timeout: "2s" })] }, { name: "slow" });
  expect((await own.ended("slow")).status?.steps?.["slow"]).toMatchObject({
    phase: "Failed",
    message: /^took longer than its timeout of 2s/,
  });
  await own.start({ steps: [jobStep("wait", { runs: false })] }, { name: "cancelled" });
  await vi.waitFor(async () => expect(await jobsIn(own)).toHaveLength(1), { timeout: 60_000 });
  await client("pipelineruns.plimsoll.dev").patch({ namespace, name: "cancelled" }, { spec: { cancel: true } });
  expect((await own.ended("cancelled")).status?.phase).toBe("Cancelled");
  await noJobs(own);
  await vi.waitFor(async () => expect(await Array.fromAsync(client("pods").list({ namespace }))).toEqual([]), { timeout: 60_000 });
});

test("each item of a fan-out has a Job of its own, and their outputs are a list", async () => {
  const own = await site.place();
  const fan = jobStep("fan", {
    forEach: [1, 2, 3],
    parallelism: 2,
    spec: { completions: "${{ item }}" },
    outputs: { of: "object.spec.completions" },
  });
  await own.start({ steps: [fan] }, { name: "run" });
  expect((await own.ended("run")).status?.steps?.["fan"]).toMatchObject({
    phase: "Succeeded",
    items: { total: 3, succeeded: 3 },
    outputs: [{ of: "1" }, { of: "2" }, { of: "3" }],
  });
  await noJobs(own);
});

test("of another kind the step says when it has come to its end, and what is somebody else's is left alone", async () => {
  const own = await site.place();
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-steps-"));
  const other = { apiVersion: "example.dev/v1", kind: "Study", metadata: { name: "run--fit--1", namespace: own.namespace } };
  await writeFile(join(folder, "one.json"), JSON.stringify(other));
  await kubectlOf(site.kubeconfig)("create", "-f", join(folder, "one.json"));
  await rm(folder, { recursive: true });
  await own.start({ steps: [studyStep("fit", { trials: 3 }, { retry: { limit: 1, backoff: { initial: "1s" } } })] }, { name: "run" });
  await own.until("run", ({ status }) => status?.message?.includes('"run--fit--1" exists already and is not this run\'s') ?? false);
  await kubectlOf(site.kubeconfig)("delete", "study", "run--fit--1", "-n", own.namespace);
  await vi.waitFor(async () => expect(await studiesIn(own)).toBe("run--fit--1"), { timeout: 90_000 });
  await tellOf(own, "run--fit--1", { trials: 1, broken: true, message: "no data" });
  await tellOf(own, "run--fit--2", { trials: 3, best: "0.97" });
  const run = await own.ended("run");
  expect(triesOf(run, "fit")).toEqual([[1, "Failed", "its Study has failed: no data"]]);
  expect(run.status?.steps?.["fit"]).toMatchObject({ phase: "Succeeded", outputs: { best: "0.97" } });
  await vi.waitFor(async () => expect(await studiesIn(own)).toBe(""), { timeout: 60_000 });
});

test("what somebody deletes is made again, and what the API server refuses is told", async () => {
  const own = await site.place();
  await own.start({ steps: [studyStep("fit", { trials: 1 })] }, { name: "run" });
  await vi.waitFor(async () => expect(await studiesIn(own)).toBe("run--fit--1"), { timeout: 60_000 });
  await kubectlOf(site.kubeconfig)("delete", "study", "run--fit--1", "-n", own.namespace);
  await tellOf(own, "run--fit--2", { trials: 1, best: "b" });
  const run = await own.ended("run");
  expect(triesOf(run, "fit")).toEqual([[1, "Deleted", "its Study was deleted"]]);
  expect(run.status?.phase).toBe("Succeeded");
  await own.start({ steps: [jobStep("odd", { spec: { completions: -1 } })] }, { name: "odd" });
  expect((await own.ended("odd")).status?.message).toMatch(/the API server refuses its Job: .*spec\.completions: Invalid value: -1/);
});

test("what the API server never takes of an object that comes later ends the run before anything has started", async () => {
  const own = await site.place();
  const late = { needs: ["first"], spec: { completions: "${{ params.count }}" } };
  await own.start(
    {
      params: [{ name: "count", type: "integer", default: -1 }],
      steps: [jobStep("first", { runs: false }), jobStep("late", late)],
    },
    { name: "run" },
  );
  const { status } = await own.ended("run");
  expect(status?.phase).toBe("Failed");
  expect(status?.message).toMatch(/steps\[1\]\.manifest: the API server refuses its Job: .*spec\.completions: Invalid value: -1/);
  expect(await jobsIn(own)).toEqual([]);
});

test("a kind that isn't granted, and one that a run doesn't list, is refused by name, with what to set", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  const ray = { name: "ray", manifest: { apiVersion: "ray.io/v1", kind: "RayJob", spec: {} } };
  await own.start({ steps: [ray] }, { name: "ray" });
  expect((await own.ended("ray")).status?.message).toBe(
    "spec.pipeline.steps[0].manifest.kind: ray.io/v1 RayJob isn't one of the kinds that steps may make here: the installation has to list {apiVersion: ray.io/v1, kind: RayJob, resource: rayjobs} in features.pipelines.kinds",
  );
  await own.start({ steps: [{ name: "sum", spark: { type: "Python" } }] }, { name: "spark" });
  expect((await own.ended("spark")).status?.message).toMatch(
    /^spec\.pipeline\.steps\[0\]\.spark: .* SparkApplication isn't one of the kinds/,
  );
  const metadata = { namespace, name: "named" };
  await client("pipelines.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Pipeline",
    metadata,
    spec: { steps: [jobStep("job")] },
  });
  await own.start(undefined, { name: "unlisted", pipelineRef: { name: "named" } });
  expect((await own.ended("unlisted")).status?.message).toBe(
    'spec.manifestKinds: lacks "batch/v1 Job", of which step "job" of Pipeline "named" makes objects: give manifestKinds: [batch/v1 Job]',
  );
  await own.start(undefined, { name: "listed", pipelineRef: { name: "named" }, manifestKinds: ["batch/v1 Job"] });
  expect((await own.ended("listed")).status?.phase).toBe("Succeeded");
});

test("a listed kind that isn't installed keeps nothing else waiting; its steps begin when it is", async () => {
  const own = await site.place();
  await own.start(
    { steps: [{ name: "a", manifest: { apiVersion: "example.dev/v1", kind: "Ghost" }, succeeded: "true" }] },
    { name: "waits" },
  );
  await own.until("waits", ({ status }) => JSON.stringify(status ?? {}).includes("doesn't know example.dev/v1 Ghost: install it"));
  await own.start({ steps: [jobStep("a")] }, { name: "runs" });
  expect((await own.ended("runs")).status?.phase).toBe("Succeeded");
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-ghosts-"));
  const file = join(folder, "kind.json");
  await writeFile(file, JSON.stringify(definitionOf("Ghost", "ghosts")));
  await kubectlOf(site.kubeconfig)("apply", "-f", file);
  await rm(folder, { recursive: true });
  expect((await own.ended("waits", 400)).status?.phase).toBe("Succeeded");
});

test("a Job that may not be deleted is told and tried again, and holds no other step up; the run ends when nothing of it goes on", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  const giveBack = await keepFromDeleting(site.kubeconfig, "jobs");
  try {
    await own.start({ steps: [jobStep("slow", { runs: false, timeout: "5s" })], finally: [jobStep("last")] }, { name: "run" });
    const refusal = /^Job run--slow--1 can't be deleted: .*cannot delete resource "jobs"/;
    const held = await own.until(
      "run",
      ({ status }) => status?.steps?.["last"]?.phase === "Succeeded" && refusal.test(status.message ?? ""),
    );
    expect(held.status).toMatchObject({ phase: "Running", steps: { slow: { phase: "Failed" } } });
    await vi.waitFor(
      async () => {
        const events = await Array.fromAsync(client("events.events.k8s.io").list({ namespace }));
        const notes = events.filter(({ reason }) => reason === "FailedDelete").map(({ note }) => note);
        expect(notes).toContainEqual(expect.stringMatching(/^step slow: Job run--slow--1 can't be deleted/));
        expect(notes).toContainEqual(expect.stringMatching(/^step last: Job run--last--1 can't be deleted/));
      },
      { timeout: 120_000, interval: 500 },
    );
  } finally {
    await giveBack();
  }
  expect((await own.ended("run")).status?.phase).toBe("Failed");
  await vi.waitFor(async () => expect(await jobsIn(own)).toEqual([]), { timeout: 180_000, interval: 500 });
});

test.each([
  { how: "is cancelled", timeout: undefined, why: "it is cancelled", phase: "Cancelled" },
  { how: "has no more time", timeout: "5s", why: "the run took longer than its timeout of 5s", phase: "Failed" },
])("a run that $how says what it waits for while its Job may not be deleted, and ends when it may", async ({ timeout, why, phase }) => {
  const own = await site.place();
  const { client, namespace } = own;
  const giveBack = await keepFromDeleting(site.kubeconfig, "jobs");
  try {
    await own.start({ steps: [jobStep("slow", { runs: false })], ...(timeout && { timeout }) }, { name: "run" });
    await vi.waitFor(async () => expect(await jobsIn(own)).toHaveLength(1), { timeout: 120_000 });
    if (timeout === undefined) await client("pipelineruns.plimsoll.dev").patch({ namespace, name: "run" }, { spec: { cancel: true } });
    const refusal = `${why}, and it ends when nothing of it goes on: Job run--slow--1 can't be deleted: `;
    const held = await own.until("run", ({ status }) => status?.message?.startsWith(refusal) ?? false);
    expect(held.status).toMatchObject({ phase: "Running", steps: { slow: { phase: "Running" } } });
  } finally {
    await giveBack();
  }
  const { status } = await own.ended("run");
  expect(status).toMatchObject({ phase, steps: { slow: { phase: "Cancelled" } } });
  expect(status?.message ?? "").not.toContain("can't be deleted");
  await noJobs(own);
});

test("a Job that may not be deleted when its run has ended is deleted when it may, and the run's end stays as it is", async () => {
  const own = await site.place();
  const giveBack = await keepFromDeleting(site.kubeconfig, "jobs");
  try {
    await own.start({ steps: [jobStep("only")] }, { name: "run" });
    await own.ended("run");
    await vi.waitFor(
      async () => {
        const events = await Array.fromAsync(own.client("events.events.k8s.io").list({ namespace: own.namespace }));
        expect(events.filter(({ reason }) => reason === "FailedDelete")).not.toEqual([]);
      },
      { timeout: 120_000, interval: 500 },
    );
    expect((await jobsIn(own)).map(({ metadata: { name } }) => name)).toEqual(["run--only--1"]);
  } finally {
    await giveBack();
  }
  await vi.waitFor(async () => expect(await jobsIn(own)).toEqual([]), { timeout: 180_000, interval: 500 });
  expect((await own.ended("run")).status?.phase).toBe("Succeeded");
});

test("the command line lists the kinds that a named Pipeline makes", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  const { kubeconfig } = site;
  const metadata = { namespace, name: "named" };
  const spec = { steps: [jobStep("job", { keep: "always" })] };
  await client("pipelines.plimsoll.dev").create({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata, spec });
  expect(await plimsoll(["run", "named", "-n", namespace, "--name", "run"], { kubeconfig })).toMatchObject({ code: 0 });
  expect(await own.ended("run")).toMatchObject({ spec: { manifestKinds: ["batch/v1 Job"] }, status: { phase: "Succeeded" } });
  expect((await plimsoll(["get", "run", "-n", namespace], { kubeconfig })).stdout).toMatch(/job +Succeeded .*Job$/m);
});

test("the API server itself refuses a step that is two things, or none", async () => {
  const own = await site.place();
  const start = (step: object) => own.start({ steps: [{ name: "a", ...step }] });
  const { manifest } = jobStep("a");
  await expect(start({})).rejects.toThrow("give one of image, manifest and spark");
  await expect(start({ image: "busybox", manifest })).rejects.toThrow("give one of image, manifest and spark");
  await expect(start({ manifest, script: "true" })).rejects.toThrow("script, command, args, env");
  await expect(start({ image: "busybox", command: ["true"], keep: "always" })).rejects.toThrow(
    "succeeded, failed, outputs, keep go with manifest or spark",
  );
});
