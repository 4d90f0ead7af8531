import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import type { TryState } from "../step/kind.ts";
import { DrivenRun } from "../testing/driven-run.ts";
import { failed, succeeded } from "../testing/tries.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script ? {} : { command: ["true"] }),
  ...more,
});
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const disrupted: TryState = { phase: "failed", failure: { reason: "Disruption", message: "disrupted: Eviction API: evicting" } };

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
  const of = (reasons: NonNullable<Step["retry"]>["reasons"], state: TryState): DrivenRun => {
    const run = new DrivenRun(pipeline(step("a", { retry: { limit: 1, ...(reasons ? { reasons } : {}) } })));
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

  const listed = new DrivenRun(pipeline(step("a", { retry: { limit: 0, reasons: ["Disruption"] } })));
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
