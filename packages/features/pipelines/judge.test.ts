import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { DrivenRun } from "./testing/driven-run.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script ? {} : { command: ["true"] }),
  ...more,
});
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const indexed = { script: "echo ${{ item }}", forEach: ["a", "b", "c"] };
const jobAnItem = { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c"] };
const gaveUp = { reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" };

test("a step succeeds when its pod has, before the Job says so, and keeps what the pod wrote", () => {
  const run = new DrivenRun(pipeline(step("a")));
  expect(run.created).toEqual(["run--a"]);
  expect(run.pod("a", {}).end).toBeUndefined();
  expect(run.succeed("a", "rows=3\n").end).toEqual({ phase: "Succeeded", message: undefined });
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: { rows: "3" } });
});

test("a fan-out's outputs are a list with an entry for each item, in the items' order", () => {
  const run = new DrivenRun(pipeline(step("a", indexed)));
  run.succeed("a", "x=c", 2);
  run.succeed("a", "", 1);
  expect(run.entry("a")).toMatchObject({ phase: "Running", items: { total: 3, succeeded: 2 } });
  run.succeed("a", "x=a", 0);
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", items: { total: 3, succeeded: 3 }, outputs: [{ x: "a" }, {}, { x: "c" }] });
});

test("what keeps a pod from starting stands in the entry while it lasts", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.pod("a", { problem: "unschedulable: 0/3 nodes are available" });
  expect(run.entry("a")).toMatchObject({ phase: "Running", message: "unschedulable: 0/3 nodes are available" });
  run.pod("a", {});
  expect(run.entry("a")?.message).toBeUndefined();
});

test("what keeps the run from going on stands in its message while it lasts, and never in place of why it ended", () => {
  const run = new DrivenRun({ ...pipeline(step("a")), timeout: "10s" });
  run.hinder("exceeded quota");
  expect(run.status.message).toBe("exceeded quota");
  run.pod("a", {});
  expect(run.status).not.toHaveProperty("message");
  run.hinder("exceeded quota");
  run.seconds = 10;
  run.decide();
  expect(run.status).toMatchObject({ phase: "Failed", message: "the run took longer than its timeout of 10s" });
});

test("what ended before the run's time was over counts, though it is seen only afterwards", () => {
  const run = new DrivenRun({ ...pipeline(step("a", { script: "x" }), step("b"), step("c", { needs: ["b"] })), timeout: "10s" });
  run.seconds = 60;
  run.engine.pod({ ...run.podOf("a"), phase: "succeeded", written: { text: "x=1", limit: 4096 } });
  run.decide();
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: { x: "1" } });
  expect(run.entry("b")).toMatchObject({ phase: "Cancelled", message: "ended with the run" });
  expect(run.decision).toMatchObject({
    create: [],
    remove: ["run--b"],
    end: { phase: "Failed", message: "the run took longer than its timeout of 10s" },
  });

  const done = new DrivenRun({ ...pipeline(step("a")), timeout: "10s" });
  done.seconds = 60;
  expect(done.succeed("a").end).toEqual({ phase: "Succeeded", message: undefined });

  const cancelled = new DrivenRun(pipeline(step("a")));
  cancelled.cancel = true;
  expect(cancelled.succeed("a").end).toEqual({ phase: "Succeeded", message: undefined });
});

test("a Job or a pod that somebody has copied is none of the run's", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.job("a", { name: "run--a-copy", failure: gaveUp });
  expect(run.entry("a")?.phase).toBe("Running");
  run.job("a", {}, true);
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "its Job was deleted" });
});

test("the first mistake that shows makes the run invalid, from then on", () => {
  const mistaken = (name: string, need: string): Step =>
    step(name, { needs: [need], command: ["echo", "${{ steps." + need + ".outputs.x }}"] });
  const run = new DrivenRun(pipeline(step("a"), step("b"), mistaken("c", "a"), mistaken("d", "b")));
  run.seconds = 1;
  run.succeed("a");
  const [invalid] = run.status.conditions ?? [];
  expect(invalid).toMatchObject({
    type: "Valid",
    status: "False",
    lastTransitionTime: "1970-01-01T00:00:01.000Z",
    message: expect.stringMatching(/^spec\.steps\[2\]/) as string,
  });
  run.seconds = 2;
  run.succeed("b");
  expect(run.status).toMatchObject({ phase: "Failed", conditions: [invalid] });
});

test("a failed step says why its last pod failed, and the run says it again", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", { needs: ["a"] })));
  run.pod("a", { name: "first", phase: "failed", problem: "exit code 1", finishedAt: "2026-01-01T00:00:01Z" });
  expect(run.entry("a")?.phase).toBe("Running");
  run.pod("a", { name: "second", phase: "failed", problem: "out of memory", finishedAt: "2026-01-01T00:00:02Z" });
  const { end } = run.job("a", { failure: gaveUp });
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "out of memory" });
  expect(run.entry("b")).toMatchObject({ phase: "Skipped", message: "needs a, which failed" });
  expect(end).toEqual({ phase: "Failed", message: "step a failed: out of memory" });
});

test("a failed step of which no pod was ever seen says what the Job controller says", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.job("a", { failure: gaveUp });
  expect(run.entry("a")?.message).toBe(gaveUp.message);
});

test("a fan-out that failed names the first item that failed for good, not one that was tried again with success", () => {
  const run = new DrivenRun(pipeline(step("a", { ...indexed, retry: { limit: 1 } })));
  run.pod("a", { item: 0, name: "retried", phase: "failed", problem: "exit code 9" });
  run.succeed("a", "", 0);
  run.succeed("a", "", 2);
  run.pod("a", { item: 1, phase: "failed", problem: "exit code 3" });
  run.job("a", { item: undefined, failure: { reason: "FailedIndexes", message: "Job has failed indexes" }, failedItems: 1 });
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    items: { total: 3, succeeded: 2, failed: 1 },
    message: "1 of 3 items failed; item 1: exit code 3",
  });
});

test("with one Job an item, the step fails only when every item has ended", () => {
  const run = new DrivenRun(pipeline(step("a", jobAnItem)));
  expect(run.created).toEqual(["run--a--0", "run--a--1", "run--a--2"]);
  run.pod("a", { item: 1, phase: "failed", problem: "exit code 3" });
  run.job("a", { item: 1, failure: gaveUp });
  run.succeed("a", "", 0);
  expect(run.entry("a")).toMatchObject({ phase: "Running", items: { succeeded: 1, failed: 1 } });
  run.succeed("a", "", 2);
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "1 of 3 items failed; item 1: exit code 3" });
});

test("parallelism limits how many items' Jobs are there at once, and an Indexed Job's pods", () => {
  const run = new DrivenRun(pipeline(step("a", { ...jobAnItem, parallelism: 2 }), step("b", { ...indexed, parallelism: 2 })));
  expect(run.created).toEqual(["run--a--0", "run--a--1", "run--b"]);
  expect(run.decision.create[2]?.job.spec?.parallelism).toBe(2);
  run.job("a", { item: 1, failure: gaveUp });
  expect(run.created.at(-1)).toBe("run--a--2");
});

test("a Job that is deleted fails its step", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", indexed), step("c", jobAnItem)));
  run.job("a", {}, true);
  run.job("b", { item: undefined }, true);
  run.job("c", { item: 1 }, true);
  run.succeed("c", "", 0);
  run.succeed("c", "", 2);
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "its Job was deleted" });
  expect(run.entry("b")).toMatchObject({ phase: "Failed", message: "its Job was deleted" });
  expect(run.entry("c")).toMatchObject({ phase: "Failed", message: "1 of 3 items failed; item 1: its Job was deleted" });
  expect(run.decision.end?.message).toBe("steps a, b, c failed");
});

test("a step that takes longer than its timeout says so, and what it waited for", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "10m" })));
  expect(run.decision.create[0]?.job.spec?.activeDeadlineSeconds).toBe(600);
  run.pod("a", { problem: "the image can't be pulled (ErrImagePull)" });
  run.job("a", { failure: { reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" } });
  expect(run.entry("a")?.message).toBe("took longer than its timeout of 10m; the image can't be pulled (ErrImagePull)");
});

test("what a step waited for is also said when its pod is ended before its Job says so", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "10m" })));
  run.pod("a", { problem: "the image can't be pulled (ErrImagePull)" });
  run.pod("a", { deleting: true });
  run.pod("a", { deleting: true, phase: "failed", problem: "the pod failed" });
  run.job("a", { failure: { reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" } });
  expect(run.entry("a")?.message).toBe("took longer than its timeout of 10m; the image can't be pulled (ErrImagePull)");
});

test("a step's timeout holds from its start for all its items, also those that are created later", () => {
  const run = new DrivenRun(pipeline(step("a", { ...jobAnItem, parallelism: 1, timeout: "10m" })));
  run.seconds = 400;
  expect(run.succeed("a", "", 0).create[0]?.job.spec?.activeDeadlineSeconds).toBe(200);
  run.seconds = 601;
  run.job("a", { item: 1, failure: { reason: "DeadlineExceeded", message: "" } });
  expect(run.created).toHaveLength(2);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: "took longer than its timeout of 10m",
    items: { total: 3, succeeded: 1, failed: 2 },
  });
});

test("a Job that is complete without its pods having been seen is confirmed before the step succeeds", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.job("a", { complete: true });
  expect(run.entry("a")?.phase).toBe("Succeeded");
});

test("so is an item's own Job, and what other items wrote is kept", () => {
  const run = new DrivenRun(pipeline(step("a", jobAnItem)));
  run.succeed("a", "x=0", 0);
  run.job("a", { item: 1, complete: true });
  expect(run.entry("a")).toMatchObject({ phase: "Running", items: { total: 3, succeeded: 2 } });
  run.succeed("a", "x=2", 2);
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: [{ x: "0" }, {}, { x: "2" }] });
});

test("outputs that can't be read fail the step and say which line", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", indexed)));
  run.succeed("a", "hello world");
  for (const item of [0, 1, 2]) run.succeed("b", item === 1 ? "x=1\n=" : "x=1", item);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^line 1 of the outputs is "hello world": write key=value/),
  });
  expect(run.entry("b")).toMatchObject({ phase: "Failed", message: expect.stringMatching(/^item 1: line 2 of the outputs is "="/) });
});

test("a step with which the run's outputs become too long for the status fails and says so", () => {
  const forEach = Array.from({ length: 150 }, (_, item) => item);
  const run = new DrivenRun(pipeline(step("a", { ...indexed, forEach })));
  for (const item of forEach) run.succeed("a", `x=${"y".repeat(4000)}`, item);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/bytes the run's outputs are longer than 524288: write large results to the workspace/),
  });
  expect(run.entry("a")?.outputs).toBeUndefined();
});

test("the run's timeout ends everything that runs and removes its Jobs", () => {
  const run = new DrivenRun({ timeout: "1h", ...pipeline(step("a"), step("b", { needs: ["a"] })) });
  expect(run.decision.wakeAt).toBe(3_600_000);
  run.seconds = 3600;
  expect(run.decide()).toMatchObject({
    remove: ["run--a"],
    end: { phase: "Failed", message: "the run took longer than its timeout of 1h" },
  });
  expect(run.entry("a")).toMatchObject({ phase: "Cancelled", message: "ended with the run" });
  expect(run.entry("b")).toBeUndefined();
});

test("cancelling removes the Jobs that have not ended", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b"), step("c", { needs: ["a"] })));
  run.succeed("a");
  run.job("a", { complete: true });
  run.cancel = true;
  expect(run.decide()).toMatchObject({ remove: ["run--b", "run--c"], create: [], end: { phase: "Cancelled" } });
  expect([run.entry("a")?.phase, run.entry("b")?.phase]).toEqual(["Succeeded", "Cancelled"]);
});

test("a Job that is told to be gone before the answer to its creation comes is gone", () => {
  const run = new DrivenRun(pipeline(step("a")), {}, () => "the answer is late");
  run.job("a", { name: "run--a" }, true);
  run.blocks = () => undefined;
  run.seconds = 1;
  run.decide();
  run.decide();
  expect(run.created).toEqual([]);
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "its Job was deleted" });
});

test("of a run that is cancelled while no controller runs, what had ended counts, also where its entry was lost", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b"), step("c", { needs: ["a"] })));
  const [a, b] = [run.jobOf("a"), run.jobOf("b")];
  run.restart("a", "b");
  run.cancel = true;
  run.engine.job(a);
  run.engine.job(b);
  run.engine.pod({ ...run.podOf("a"), phase: "succeeded", written: { text: "x=1", limit: 4096 } });
  run.decide();
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: { x: "1" } });
  expect(run.entry("b")).toMatchObject({ phase: "Cancelled" });
  expect(run.entry("c")).toBeUndefined();
  expect(run.decision).toMatchObject({ create: [], remove: ["run--b"], end: { phase: "Cancelled" } });
});

test("a fan-out whose time ended while no controller ran gets no further Jobs", () => {
  const run = new DrivenRun(pipeline(step("a", { ...jobAnItem, parallelism: 1, timeout: "10s" })));
  const first = run.jobOf("a", { item: 0, failure: { reason: "DeadlineExceeded", message: "" } });
  run.restart("a");
  run.seconds = 60;
  run.engine.job(first);
  run.decide();
  expect(run.created).toEqual(["run--a--0"]);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^took longer than its timeout of 10s/) as string,
  });
});

test("a run that has waited to begin, and was told to have begun, runs", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.status = { ...run.status, phase: "Pending", message: "the Pipeline can't be read" };
  run.restart();
  run.succeed("a");
  expect(run.status).toMatchObject({ phase: "Succeeded" });
  expect(run.status).not.toHaveProperty("message");
});
