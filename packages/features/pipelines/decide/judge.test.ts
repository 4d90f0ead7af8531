import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import type { TryState } from "../step/kind.ts";
import { DrivenRun } from "../testing/driven-run.ts";
import { active, succeeded, tryOf, waiting } from "../testing/tries.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script ? {} : { command: ["true"] }),
  ...more,
});
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const fan = { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c"] };

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
  expect(run.scriptOf("run--c--1")).toBe("echo 1");
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

test("outputs that are too long already fail a step before its other items have ended", () => {
  const forEach = Array.from({ length: 300 }, (_, item) => item);
  const run = new DrivenRun(pipeline(step("a", { ...fan, forEach })));
  const long = (items: readonly number[]): void => {
    for (const item of items) run.engine.observe(run.podOf("a", item, succeeded(`x=${"y".repeat(4000)}`)));
    run.decide();
  };
  long(forEach.slice(0, 120));
  expect(run.entry("a")).toMatchObject({ phase: "Running" });
  long(forEach.slice(120, 140));
  expect(run.entry("a")).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/bytes the run's outputs are longer than 524288/) as string,
    items: { total: 300, succeeded: 140 },
  });
});

test("an item whose pod was gone before anything was written is run, though that of a later item is there", () => {
  const run = new DrivenRun(pipeline(step("a", fan)));
  const left = run.podOf("a", 1);
  run.restart([left], "a");
  run.decide();
  expect(run.created.slice(3).toSorted()).toEqual(["run--a--0--1", "run--a--2--1"]);
});
