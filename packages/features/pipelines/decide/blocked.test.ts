import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { DrivenRun } from "../testing/driven-run.ts";
import { active } from "../testing/tries.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({ name, image: "busybox", command: ["true"], ...more });
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const items = { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c", "d"] };
const quota = "exceeded quota";
const only =
  (name: string) =>
  (pod: string): string | undefined =>
    pod === name ? quota : undefined;

test("a step whose pod can't be created for now says why, holds up no other, and starts when it can be", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b"), step("c", { needs: ["b"] })), {}, only("run--a--1"));
  expect(run.created).toEqual(["run--b--1"]);
  expect(run.status).toMatchObject({ message: quota, steps: { b: { phase: "Running" } } });
  expect(run.entry("a")).toEqual({ phase: "Pending", startedAt: "1970-01-01T00:00:00.000Z", message: quota });
  run.succeed("b");
  expect(run.created).toEqual(["run--b--1", "run--c--1"]);
  run.blocks = () => undefined;
  run.until(60);
  expect(run.created).toEqual(["run--b--1", "run--c--1", "run--a--1"]);
  expect(run.entry("a")).toEqual({ phase: "Running", startedAt: "1970-01-01T00:00:00.000Z" });
  expect(run.status).not.toHaveProperty("message");
});

test("whatever happens to the run meanwhile, it isn't tried again before its time, which comes ever later", () => {
  const tries: number[] = [];
  let second = 0;
  const run = new DrivenRun(pipeline(step("a"), step("b", { forEach: [1, 2, 3], script: "echo ${{ item }}" })), {}, (pod) => {
    if (pod !== "run--a--1") return undefined;
    tries.push(second);
    return quota;
  });
  for (second = 0.05; second < 200; second += 0.05) {
    run.seconds = second;
    run.pod("b", active, Math.round(second * 20) % 3);
  }
  const pauses = tries.slice(1).map((at, index) => Math.round((at - (tries[index] ?? 0)) * 10) / 10);
  expect(pauses.slice(0, 10)).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2].map((pause) => expect.closeTo(pause, 0)));
});

test("something that goes away may have been in the way: then it is tried at once", () => {
  const run = new DrivenRun(pipeline(step("a")), {}, () => "exists already");
  run.blocks = () => undefined;
  run.engine.unblock();
  run.decide();
  expect(run.created).toEqual(["run--a--1"]);
});

test("of a fan-out of which some pods can't be created, the others count, and each is created once, also by another controller", () => {
  for (const restarts of [false, true]) {
    let room = 2;
    const run = new DrivenRun(pipeline(step("a", items)), {}, () => ((room -= 1) < 0 ? quota : undefined));
    expect(run.created).toEqual(["run--a--0--1", "run--a--1--1"]);
    run.succeed("a", "", 1);
    expect(run.entry("a")).toMatchObject({ phase: "Running", message: quota, items: { total: 4, succeeded: 1 } });
    run.blocks = () => undefined;
    if (restarts) {
      run.restart();
      run.engine.observe(run.podOf("a", 0));
    }
    run.until(60);
    expect(run.created).toEqual(["run--a--0--1", "run--a--1--1", "run--a--2--1", "run--a--3--1"]);
    for (const item of [0, 2, 3]) run.succeed("a", "", item);
    expect(run.status).toMatchObject({ phase: "Succeeded", steps: { a: { phase: "Succeeded" } } });
  }
});

test("a step's time runs while it waits, also through another controller's hands", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" }), step("b", { ...items, timeout: "8s" })), {}, () => quota);
  run.until(5);
  run.restart();
  run.until(7);
  expect(run.entry("a")?.phase).toBe("Pending");
  run.until(8);
  for (const name of ["a", "b"])
    expect(run.entry(name)).toMatchObject({ phase: "Failed", message: "took longer than its timeout of 8s; exceeded quota" });
  expect(run.status.phase).toBe("Failed");
});

test("a pod that took its time to be created has what is left of it", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" })), {}, () => quota);
  run.restart();
  run.blocks = () => undefined;
  run.seconds = 5;
  expect(run.decide().creations[0]?.object.spec?.activeDeadlineSeconds).toBe(3);
});

test("a step that waits when its run is cancelled never starts, and what needs it neither", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", { needs: ["a"] })), {}, () => quota);
  run.restart();
  run.cancel = true;
  run.decide();
  expect(run.status).toMatchObject({ phase: "Cancelled", steps: { a: { phase: "Cancelled", message: quota } } });
  expect(run.created).toEqual([]);
});

test("of a pod that is there after all, though the answer to its creation was lost, nothing is said any more", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" })), {}, () => "the connection broke");
  run.created.push("run--a--1");
  run.blocks = () => undefined;
  run.pod("a", active).until(1);
  expect(run.entry("a")).toMatchObject({ phase: "Running" });
  expect(run.entry("a")).not.toHaveProperty("message");
  expect(run.status).not.toHaveProperty("message");
  expect(run.succeed("a").status.phase).toBe("Succeeded");
});

test("what ends for another reason than what blocked it takes this with it", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" }), step("b")), {}, only("run--a--1"));
  run.until(8);
  expect(run.entry("a")?.phase).toBe("Failed");
  expect(run.status).toMatchObject({ phase: "Running" });
  expect(run.status).not.toHaveProperty("message");
});

test("a step whose pod is refused for good fails with why, and the run with it; of a fan-out what runs is removed", () => {
  const refuses = (pod: string): string | undefined =>
    pod.startsWith("run--a") || pod === "run--b--2--1" ? "the API server refuses its pod: no" : undefined;
  const refused = new DrivenRun(pipeline(step("first"), step("a", { needs: ["first"] }), step("b", { ...items, needs: ["first"] })));
  refused.refuses = refuses;
  refused.succeed("first");
  for (const name of ["a", "b"])
    expect(refused.entry(name)).toMatchObject({ phase: "Failed", message: "the API server refuses its pod: no" });
  expect(refused.removed.toSorted()).toEqual(["run--b--0--1", "run--b--1--1"]);
  expect(refused.status).toMatchObject({ phase: "Failed", message: "steps a, b failed" });
});
