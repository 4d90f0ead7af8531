import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import type { TryState } from "../step/kind.ts";
import { DrivenRun } from "../testing/driven-run.ts";
import { active, failed, succeeded, tryOf, waiting } from "../testing/tries.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script ? {} : { command: ["true"] }),
  ...more,
});
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const fan = { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c"] };
const disrupted: TryState = { phase: "failed", failure: { reason: "Disruption", message: "disrupted: Eviction API: evicting" } };

test("a step succeeds when its pod has, and keeps what the pod wrote", () => {
  const run = new DrivenRun(pipeline(step("a")));
  expect(run.created).toEqual(["run--a--1"]);
  expect(run.pod("a", active).decision.end).toBeUndefined();
  expect(run.succeed("a", "rows=3\n").status).toMatchObject({ phase: "Succeeded" });
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: { rows: "3" } });
});

test("a fan-out's outputs are a list with an entry for each item, in the items' order, and stand in the status as they come", () => {
  const run = new DrivenRun(pipeline(step("a", fan)));
  run.succeed("a", "x=c", 2).succeed("a", "", 1);
  expect(run.entry("a")).toMatchObject({
    phase: "Running",
    items: { total: 3, started: 3, active: 1, succeeded: 2, succeededIndexes: "1-2" },
    outputs: [{}, {}, { x: "c" }],
  });
  run.succeed("a", "x=a", 0);
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", items: { total: 3, succeeded: 3 }, outputs: [{ x: "a" }, {}, { x: "c" }] });
});

test("what items wrote is not lost with their pods, whoever reconciles the run", () => {
  const run = new DrivenRun(pipeline(step("a", { ...fan, forEach: [1, 2], parallelism: 1 })));
  run.succeed("a", "x=1", 0).delete("a", 0, succeeded("x=1"));
  run.restart();
  run.engine.observe(run.podOf("a", 1, succeeded("x=2")));
  run.decide();
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: [{ x: "1" }, { x: "2" }] });
});

test("a pod that vanished before its outcome was read is run again, and that is said", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", fan)));
  run.succeed("b", "x=1", 1);
  run.restart();
  run.engine.observe(run.podOf("b", 2));
  run.until(5);
  expect(run.created.slice(4)).toEqual(["run--a--2", "run--b--0--2"]);
  const tries = [{ try: 1, reason: "Vanished", message: "its pod vanished before its outcome was read" }];
  expect(run.entry("a")).toMatchObject({ phase: "Running", tries, retries: [{ tries: 1, failures: 0 }] });
  run.succeed("a").succeed("b", "x=0", 0).succeed("b", "x=2", 2);
  expect(run.status).toMatchObject({ phase: "Succeeded", steps: { a: { tries }, b: { outputs: [{ x: "0" }, { x: "1" }, { x: "2" }] } } });
});

test("a pod that is there though the cache doesn't show it yet is not made again", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.restart();
  run.there.set("run--a--1", tryOf("a"));
  expect(run.decide().created).toEqual(["run--a--1"]);
  expect(run.succeed("a").status.phase).toBe("Succeeded");
});

test("what has ended and isn't written yet goes with the pods that are created next, and is known again from them", () => {
  const run = new DrivenRun(
    pipeline(step("a"), step("b", { needs: ["a"] }), step("c", { needs: ["b"], script: "echo ${{ steps.a.outputs.x }}" })),
  );
  run.writes = false;
  run.succeed("a", "x=1");
  const record = run.creations[1]?.object.metadata?.annotations?.["plimsoll.dev/record"] ?? "";
  expect(JSON.parse(record)).toMatchObject({ a: { phase: "Succeeded", outputs: { x: "1" } } });
  run.writes = true;
  run.restart([{ ...tryOf("b"), record }], "a", "b");
  run.succeed("b");
  expect(run.scriptOf("run--c--1")).toBe("#!/bin/sh\necho 1");
  expect(run.succeed("c").status).toMatchObject({ phase: "Succeeded", steps: { a: { outputs: { x: "1" } } } });
  expect(run.created).toEqual(["run--a--1", "run--b--1", "run--c--1"]);
});

test("where that is long, it is written before", () => {
  const run = new DrivenRun(pipeline(step("a", fan), step("b", { needs: ["a"] })));
  run.writes = false;
  for (const item of [0, 1, 2]) run.succeed("a", `x=${"y".repeat(4_000)}`, item);
  expect(run.created).toHaveLength(3);
  expect(run.decision.record).toBe(true);
  run.writes = true;
  run.write();
  run.decide();
  expect(run.created.slice(3)).toEqual(["run--b--1"]);
});

test("what keeps a pod from starting stands in the entry while it lasts", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.pod("a", waiting("unschedulable: 0/3 nodes are available"));
  expect(run.entry("a")).toMatchObject({ phase: "Running", message: "unschedulable: 0/3 nodes are available" });
  run.pod("a", active);
  expect(run.entry("a")?.message).toBeUndefined();
});

test("what ended before the run's time was over counts, though it is seen only afterwards", () => {
  const run = new DrivenRun({ ...pipeline(step("a", { script: "x" }), step("b"), step("c", { needs: ["b"] })), timeout: "10s" });
  run.seconds = 60;
  run.succeed("a", "x=1");
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: { x: "1" } });
  expect(run.entry("b")).toMatchObject({ phase: "Cancelled", message: "ended with the run" });
  expect(run.removed).toEqual(["run--b--1"]);
  expect(run.status).toMatchObject({ phase: "Failed", message: "the run took longer than its timeout of 10s" });

  const done = new DrivenRun({ ...pipeline(step("a")), timeout: "10s" });
  done.seconds = 60;
  expect(done.succeed("a").status.phase).toBe("Succeeded");

  const cancelled = new DrivenRun(pipeline(step("a")));
  cancelled.cancel = true;
  expect(cancelled.succeed("a").status.phase).toBe("Succeeded");
});

test("the end of a run keeps what its steps waited for, in the step and in the run", () => {
  const timed = new DrivenRun({ ...pipeline(step("a")), timeout: "10s" });
  timed.pod("a", waiting("unschedulable: no node"));
  timed.until(10);
  expect(timed.entry("a")).toMatchObject({ phase: "Cancelled", message: "ended with the run; unschedulable: no node" });
  expect(timed.status.message).toBe("the run took longer than its timeout of 10s; step a: unschedulable: no node");

  const cancelled = new DrivenRun(pipeline(step("a")));
  cancelled.pod("a", waiting("unschedulable: no node"));
  cancelled.cancel = true;
  cancelled.decide();
  expect(cancelled.entry("a")).toMatchObject({ phase: "Cancelled", message: "unschedulable: no node" });
  expect(cancelled.status).toMatchObject({ phase: "Cancelled", message: "step a: unschedulable: no node" });
});

test("a pod that somebody has copied is none of the run's", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.pod("a", succeeded("x=forged"), undefined, { name: "run--a--1-copy" });
  run.pod("a", succeeded("x=forged"), undefined, { name: "run--a--2", step: "a", item: 0, try: 3 });
  expect(run.entry("a")).toMatchObject({ phase: "Running" });
  run.succeed("a", "x=true");
  expect(run.entry("a")?.outputs).toEqual({ x: "true" });
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

test("an item is tried again after its back-off, as often as its limit says, and its tries are told with reason and time", () => {
  const retry = { limit: 2, backoff: { initial: "10s", factor: 3, max: "25s" } };
  const run = new DrivenRun(pipeline(step("a", { retry }), step("b", { needs: ["a"] })));
  run.seconds = 1;
  run.fail("a", undefined, 3);
  expect(run.entry("a")).toMatchObject({
    phase: "Running",
    message: "exit code 3; to be tried again",
    tries: [{ try: 1, reason: "ExitCode", exitCode: 3, message: "exit code 3", finishedAt: "1970-01-01T00:00:01.000Z" }],
    retries: [{ tries: 1, failures: 1, retryAt: "1970-01-01T00:00:11.000Z" }],
  });
  expect(run.until(10).created).toEqual(["run--a--1"]);
  expect(run.until(11).created).toEqual(["run--a--1", "run--a--2"]);
  run.fail("a", undefined, 4).until(35);
  expect(run.created).toHaveLength(2);
  run.until(36).fail("a", undefined, 5);
  expect(run.created).toEqual(["run--a--1", "run--a--2", "run--a--3"]);
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "exit code 5", tries: [{ try: 1 }, { try: 2 }, { try: 3 }] });
  expect(run.entry("b")).toMatchObject({ phase: "Skipped", message: "needs a, which failed" });
  expect(run.status).toMatchObject({ phase: "Failed", message: "step a failed: exit code 5" });
});

test("the back-off goes on through another controller's hands, and so does the count", () => {
  const run = new DrivenRun(pipeline(step("a", { retry: { limit: 1 } })));
  run.fail("a");
  run.restart();
  expect(run.until(9).created).toEqual(["run--a--1"]);
  expect(run.until(10).created).toEqual(["run--a--1", "run--a--2"]);
  run.restart();
  run.engine.observe(run.podOf("a", undefined, failed(2)));
  run.decide();
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "exit code 2" });
});

test("only what is listed is tried again", () => {
  const of = (on: NonNullable<Step["retry"]>["on"], state: TryState): DrivenRun => {
    const run = new DrivenRun(pipeline(step("a", { retry: { limit: 1, ...(on ? { on } : {}) } })));
    return run.pod("a", state).until(100);
  };
  const oom: TryState = { phase: "failed", failure: { reason: "OOM", message: "out of memory" } };
  expect(of([3, "64-78"], failed(3)).created).toHaveLength(2);
  expect(of([3, "64-78"], failed(70)).created).toHaveLength(2);
  expect(of([3, "64-78"], failed(1)).status.phase).toBe("Failed");
  expect(of([3, "64-78"], oom).status.phase).toBe("Failed");
  expect(of(["OOM"], oom).created).toHaveLength(2);
  expect(of(undefined, oom).created).toHaveLength(2);
});

test("a disruption is no failure: it is tried again beyond the limit, and doesn't count, unless it is listed", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.pod("a", disrupted).until(1).pod("a", disrupted).until(3);
  expect(run.created).toEqual(["run--a--1", "run--a--2", "run--a--3"]);
  expect(run.entry("a")).toMatchObject({ phase: "Running", tries: [{ reason: "Disruption" }, { reason: "Disruption" }] });
  expect(run.fail("a").status).toMatchObject({ phase: "Failed", message: "step a failed: exit code 1" });

  const listed = new DrivenRun(pipeline(step("a", { retry: { limit: 0, on: ["Disruption"] } })));
  expect(listed.pod("a", disrupted).status).toMatchObject({ phase: "Failed", message: "step a failed: disrupted: Eviction API: evicting" });
});

test("a pod that somebody deletes is run again, and whether it had started is said", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b")));
  run.delete("a").delete("b", undefined, { phase: "active", placed: false, began: false }).until(1);
  expect(run.entry("a")?.tries).toMatchObject([{ reason: "Deleted", message: "its pod was deleted" }]);
  expect(run.entry("b")?.tries).toMatchObject([{ reason: "Deleted", message: "its pod was deleted before it started" }]);
  expect(run.created).toEqual(["run--a--1", "run--b--1", "run--a--2", "run--b--2"]);
});

test("what a pod came to stays when it is deleted", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b")));
  run.delete("a", undefined, succeeded("x=1")).delete("b", undefined, failed(4));
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: { x: "1" } });
  expect(run.entry("b")).toMatchObject({ phase: "Failed", message: "exit code 4" });
});

test("a program that exits with 0 because it was told to end has not succeeded, unless the step says so", () => {
  const cutOff: TryState = {
    phase: "succeeded",
    written: { text: "x=1", limit: 4096 },
    cutOff: { reason: "Disruption", message: "evicted" },
  };
  const run = new DrivenRun(pipeline(step("a"), step("b", { onGracefulExit: "succeed" })));
  run.pod("a", cutOff).pod("b", cutOff).until(1);
  expect(run.entry("a")).toMatchObject({ phase: "Running", tries: [{ reason: "Disruption" }] });
  expect(run.entry("b")).toMatchObject({ phase: "Succeeded", outputs: { x: "1" } });
});

test("each try that ran out of memory gets more, where the step wants that", () => {
  const oom: TryState = { phase: "failed", failure: { reason: "OOM", message: "out of memory" } };
  const resources = { requests: { memory: "100Mi" }, limits: { memory: "200Mi" } };
  const run = new DrivenRun(pipeline(step("a", { resources, retry: { limit: 3, memoryFactor: 2 } })));
  run.pod("a", oom).until(10).pod("a", failed(1)).until(40);
  expect(run.creations[0]?.object.spec?.containers[0]?.resources).toEqual(resources);
  expect(run.creations[2]?.object.spec?.containers[0]?.resources).toEqual({ requests: { memory: "200Mi" }, limits: { memory: "400Mi" } });
});

test("a step waits for a pod on a node that is lost, and says so; where the step says so, it doesn't", () => {
  const lost: TryState = { phase: "active", placed: true, began: true, overdueSince: 1_000, node: "n1" };
  const run = new DrivenRun(pipeline(step("a"), step("b", { onNodeLost: "replace" })));
  run.pod("a", lost).pod("b", lost);
  expect(run.entry("a")?.message).toBeUndefined();
  run.until(60);
  expect(run.entry("a")?.message).toMatch(
    /^its node n1 doesn't answer, so that nobody knows whether pod run--a--1 still runs: it waits until/,
  );
  expect(run.created).toEqual(["run--a--1", "run--b--1", "run--b--2"]);
  expect(run.entry("b")?.tries).toMatchObject([{ reason: "NodeLost" }]);
  expect(run.succeed("b").entry("b")?.phase).toBe("Succeeded");
});

test("a pod whose containers are long in coming says that, and where to look", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.pod("a", { phase: "active", placed: true, began: false, startingSince: 2_000 });
  expect(run.until(61).entry("a")?.message).toBeUndefined();
  expect(run.until(62).entry("a")?.message).toMatch(/^pod run--a--1 has had a node for over a minute.*kubectl describe pod run--a--1\)$/);
});

test("a fan-out that failed names the first item that failed for good, not one that was tried again with success", () => {
  const run = new DrivenRun(pipeline(step("a", { ...fan, retry: { limit: 1 } })));
  run.fail("a", 0, 9).until(10).succeed("a", "", 0).succeed("a", "", 2);
  run.fail("a", 1, 3).until(30).fail("a", 1, 3);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    items: { total: 3, succeeded: 2, failed: 1 },
    message: "1 of 3 items failed; item 1: exit code 3",
  });
});

test("a step fails only when every item has ended; with failFast as soon as one has failed for good", () => {
  const run = new DrivenRun(pipeline(step("a", fan), step("b", { ...fan, failFast: true })));
  run.fail("a", 1, 3).fail("b", 1, 3);
  expect(run.entry("a")).toMatchObject({ phase: "Running", items: { failed: 1, failedIndexes: "1" } });
  expect(run.entry("b")).toMatchObject({ phase: "Failed", message: "1 of 3 items failed; item 1: exit code 3" });
  run.succeed("a", "", 0).succeed("a", "", 2);
  expect(run.entry("a")).toMatchObject({ phase: "Failed", items: { total: 3, succeeded: 2, failed: 1 } });
});

test("with failFast a run ends with its first step that fails, unless the run may go on without it", () => {
  const run = new DrivenRun({
    failFast: true,
    ...pipeline(step("a"), step("b", { continueOnFailure: true }), step("c"), step("d", { needs: ["b"] })),
  });
  run.fail("b");
  expect(run.created).toContain("run--d--1");
  run.fail("a", undefined, 7);
  expect(run.status).toMatchObject({
    phase: "Failed",
    message: "step a failed: exit code 7",
    steps: { b: { phase: "Failed" }, c: { phase: "Cancelled" }, d: { phase: "Cancelled" } },
  });
  expect(run.removed.toSorted()).toEqual(["run--c--1", "run--d--1"]);
});

test("a step whose failure doesn't matter fails neither the run nor what needs it", () => {
  const run = new DrivenRun(pipeline(step("a", { continueOnFailure: true }), step("b", { needs: ["a"] })));
  run.fail("a").succeed("b");
  expect(run.status).toMatchObject({ phase: "Succeeded", steps: { a: { phase: "Failed" }, b: { phase: "Succeeded" } } });
});

test("no more than its parallelism runs at once, also while items wait to be tried again", () => {
  const run = new DrivenRun(pipeline(step("a", { ...fan, parallelism: 2, retry: { limit: 1 } })));
  expect(run.created).toEqual(["run--a--0--1", "run--a--1--1"]);
  run.fail("a", 0);
  expect(run.created.slice(2)).toEqual(["run--a--2--1"]);
  expect(run.until(20).created).toHaveLength(3);
  expect(run.succeed("a", "", 1).created.slice(3)).toEqual(["run--a--0--2"]);
});

test("pods that no node was found for are not all made at once", () => {
  const forEach = Array.from({ length: 1_000 }, (_, item) => item);
  const run = new DrivenRun(pipeline(step("a", { ...fan, forEach })));
  const unplaced: TryState = { phase: "active", placed: false, began: false };
  for (let item = 0; item < 1_000; item += 1) if (run.created.length > item) run.engine.observe(run.podOf("a", item, unplaced));
  run.decide();
  const before = run.created.length;
  expect(before).toBeGreaterThanOrEqual(200);
  for (let item = 0; item < 50; item += 1) run.engine.observe(run.podOf("a", item, active));
  run.decide();
  expect(run.created.length).toBeLessThanOrEqual(before + 50);
});

test("a step that takes longer than its timeout says so, and what it waited for, and leaves nothing that runs", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "10m" })));
  expect(run.creations[0]?.object.spec?.activeDeadlineSeconds).toBe(600);
  run.pod("a", waiting("the image can't be pulled (ErrImagePull)")).until(600);
  expect(run.entry("a")?.message).toBe("took longer than its timeout of 10m; the image can't be pulled (ErrImagePull)");
  expect(run.removed).toEqual(["run--a--1"]);
});

test("a step's timeout holds from its start for all its items, also those that are created later", () => {
  const run = new DrivenRun(pipeline(step("a", { ...fan, parallelism: 1, timeout: "10m" })));
  run.seconds = 400;
  expect(run.succeed("a", "", 0).creations[1]?.object.spec?.activeDeadlineSeconds).toBe(200);
  run.until(600);
  expect(run.created).toHaveLength(2);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: "took longer than its timeout of 10m",
    items: { total: 3, succeeded: 1, failed: 2 },
  });
});

test("outputs that can't be read fail the item and say which line", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", fan)));
  run.succeed("a", "hello world");
  for (const item of [0, 1, 2]) run.succeed("b", item === 1 ? "x=1\n=" : "x=1", item);
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^line 1 of the outputs is "hello world": write key=value/) as string,
  });
  expect(run.entry("b")).toMatchObject({ message: expect.stringMatching(/item 1: line 2 of the outputs is "="/) as string });
});

test("a step with which the run's outputs become too long for the status fails and says so", () => {
  const forEach = Array.from({ length: 150 }, (_, item) => item);
  const run = new DrivenRun(pipeline(step("a", { ...fan, forEach })));
  for (const item of forEach) run.engine.observe(run.podOf("a", item, succeeded(`x=${"y".repeat(4000)}`)));
  run.decide();
  for (const item of forEach) run.engine.observe(run.podOf("a", item, succeeded(`x=${"y".repeat(4000)}`)));
  run.decide();
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/bytes the run's outputs are longer than 524288: write large results to the workspace/) as string,
  });
});

test("cancelling removes the pods that have not ended", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b"), step("c", { needs: ["a"] })));
  run.succeed("a");
  run.cancel = true;
  run.decide();
  expect(run.removed.toSorted()).toEqual(["run--b--1", "run--c--1"]);
  expect(run.status.phase).toBe("Cancelled");
  expect([run.entry("a")?.phase, run.entry("b")?.phase]).toEqual(["Succeeded", "Cancelled"]);
});

test("of a run that is cancelled while no controller runs, what had ended counts, also where its entry was lost", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b"), step("c", { needs: ["a"] })));
  run.restart([], "a", "b");
  run.cancel = true;
  run.engine.observe(run.podOf("a", undefined, succeeded("x=1")));
  run.engine.observe(run.podOf("b"));
  run.decide();
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", outputs: { x: "1" } });
  expect(run.entry("b")).toMatchObject({ phase: "Cancelled" });
  expect(run.entry("c")).toBeUndefined();
  expect(run.removed).toEqual(["run--b--1"]);
  expect(run.created).toEqual(["run--a--1", "run--b--1"]);
});

test("a pod that still runs though its step has ended is removed, by whoever sees it", () => {
  const run = new DrivenRun({ ...pipeline(step("a", { timeout: "5s" }), step("b")) });
  run.until(5);
  run.restart();
  run.engine.observe(run.podOf("b"));
  run.engine.observe(tryOf("a"));
  expect(run.decide().removed).toEqual(["run--a--1", "run--a--1"]);
});

test("a run that has waited to begin, and was told to have begun, runs", () => {
  const run = new DrivenRun(pipeline(step("a")));
  run.status = { ...run.status, phase: "Pending", message: "the Pipeline can't be read" };
  run.restart();
  run.engine.observe(tryOf("a"));
  run.succeed("a");
  expect(run.status).toMatchObject({ phase: "Succeeded" });
  expect(run.status).not.toHaveProperty("message");
});

test("the steps of finally run whatever the outcome, and see it", () => {
  const tell = step("tell", { script: "echo ${{ run.outcome }} ${{ steps.b.phase }}" });
  const after = step("after", { needs: ["tell"] });
  const of = (): DrivenRun => new DrivenRun({ ...pipeline(step("a"), step("b", { needs: ["a"] })), timeout: "1m", finally: [tell, after] });
  const scriptOf = (run: DrivenRun): string | undefined => run.scriptOf("run--tell--1");

  const good = of();
  good.succeed("a").succeed("b");
  expect(scriptOf(good)).toBe("#!/bin/sh\necho Succeeded Succeeded");
  expect(good.status).toMatchObject({ phase: "Running", outcome: { phase: "Succeeded" }, progress: "2/4" });
  expect(good.succeed("tell").succeed("after").status).toMatchObject({ phase: "Succeeded", progress: "4/4" });

  const bad = of();
  bad.fail("a");
  expect(scriptOf(bad)).toBe("#!/bin/sh\necho Failed Skipped");
  expect(bad.succeed("tell").succeed("after").status).toMatchObject({ phase: "Failed", message: "step a failed: exit code 1" });

  const cancelled = of();
  cancelled.cancel = true;
  expect(scriptOf(cancelled.decide())).toBe("#!/bin/sh\necho Cancelled Cancelled");
  expect(cancelled.removed).toEqual(["run--a--1"]);
  expect(cancelled.succeed("tell").succeed("after").status.phase).toBe("Cancelled");

  const late = of();
  late.until(60);
  late.restart();
  late.engine.observe(tryOf("tell"));
  expect(late.until(90).succeed("tell").succeed("after").status).toMatchObject({
    phase: "Failed",
    message: "the run took longer than its timeout of 1m",
  });
});

test("a step of finally that fails fails a run that would have succeeded", () => {
  const run = new DrivenRun({ ...pipeline(step("a")), finally: [step("tidy")] });
  expect(run.succeed("a").fail("tidy").status).toMatchObject({ phase: "Failed", message: "step tidy failed: exit code 1" });
});
