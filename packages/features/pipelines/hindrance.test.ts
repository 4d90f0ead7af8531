import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { DrivenRun } from "./testing/driven-run.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({ name, image: "busybox", command: ["true"], ...more });
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const items = { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c", "d"] };

test("a step whose Job can't be created for now holds up no other, and starts when it can be", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b"), step("c", { needs: ["b"] })), {}, (job) =>
    job === "run--a" ? "exceeded quota" : undefined,
  );
  expect(run.created).toEqual(["run--b"]);
  expect(run.status).toMatchObject({ message: "exceeded quota", steps: { b: { phase: "Running" } } });
  expect(run.entry("a")).toEqual({ phase: "Pending", startedAt: "1970-01-01T00:00:00.000Z" });
  run.succeed("b");
  expect(run.created).toEqual(["run--b", "run--c"]);
  run.blocks = () => undefined;
  run.seconds = 60;
  run.decide();
  expect(run.created).toEqual(["run--b", "run--c", "run--a"]);
  expect(run.status).not.toHaveProperty("message");
});

test("whatever happens to the run meanwhile, it isn't tried again before its time, which comes ever later", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", { forEach: [1, 2, 3], script: "echo ${{ item }}" })), {}, (job) =>
    job === "run--a" ? "exceeded quota" : undefined,
  );
  const wakes: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    for (let event = 0; event < 20; event += 1) expect(run.pod("b", { item: event % 3, name: `b-${event}` }).create).toEqual([]);
    wakes.push((run.decision.wakeAt ?? 0) - run.seconds * 1000);
    run.seconds = (run.decision.wakeAt ?? 0) / 1000;
    run.decide();
  }
  expect(wakes.map(Math.round)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000]);
});

test("something that goes away may have been in the way: then it is tried at once", () => {
  const run = new DrivenRun(pipeline(step("a")), {}, () => "exists already");
  run.blocks = () => undefined;
  run.engine.retry();
  run.decide();
  expect(run.created).toEqual(["run--a"]);
});

test("of a fan-out of which some Jobs can't be created, the others count, and each is created once", () => {
  let quota = 2;
  const run = new DrivenRun(pipeline(step("a", items)), {}, () => ((quota -= 1) < 0 ? "exceeded quota" : undefined));
  expect(run.created).toEqual(["run--a--0", "run--a--1"]);
  run.succeed("a", "", 1);
  expect(run.entry("a")).toMatchObject({ phase: "Running", items: { total: 4, succeeded: 1 } });
  run.blocks = () => undefined;
  run.seconds = 60;
  run.decide();
  expect(run.created).toEqual(["run--a--0", "run--a--1", "run--a--2", "run--a--3"]);
  for (const item of [0, 2, 3]) run.succeed("a", "", item);
  expect(run.status).toMatchObject({ phase: "Succeeded", steps: { a: { phase: "Succeeded" } } });
});

test("a step's time runs while it waits", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" }), step("b", { ...items, timeout: "8s" })), {}, (job) =>
    job === "run--b--0" ? undefined : "exceeded quota",
  );
  for (let decisions = 0; decisions < 20 && run.decision.wakeAt !== undefined; decisions += 1) {
    run.seconds = run.decision.wakeAt / 1000;
    run.decide();
  }
  expect(run.seconds).toBe(8);
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "took longer than its timeout of 8s; exceeded quota" });
  run.job("b", { item: 0, failure: { reason: "DeadlineExceeded", message: "" } });
  expect(run.entry("b")).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^took longer than its timeout of 8s/) as string,
  });
  expect(run.status.phase).toBe("Failed");
});

test("a step's time runs on while it waits, also through another controller's hands", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" })), {}, () => "exceeded quota");
  run.seconds = 5;
  run.restart();
  run.decide();
  expect(run.entry("a")?.phase).toBe("Pending");
  run.seconds = 8;
  run.decide();
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: "took longer than its timeout of 8s; exceeded quota" });
});

test("a Job that took its time to be created has what is left of it", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" })), {}, () => "exceeded quota");
  run.restart();
  run.blocks = () => undefined;
  run.seconds = 5;
  expect(run.decide().create[0]?.job.spec?.activeDeadlineSeconds).toBe(3);
  expect(run.entry("a")).toEqual({ phase: "Running", startedAt: "1970-01-01T00:00:00.000Z" });
});

test("a step that waits when its run is cancelled never starts, and what needs it neither", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", { needs: ["a"] })), {}, () => "exceeded quota");
  run.restart();
  run.cancel = true;
  expect(run.decide().end?.phase).toBe("Cancelled");
  expect(run.status.steps).toMatchObject({ a: { phase: "Cancelled" } });
  expect(run.created).toEqual([]);
});

test("of a Job that is there after all, though the answer to its creation was lost, nothing is said any more", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" })), {}, () => "the connection broke");
  run.created.push("run--a");
  run.seconds = 9;
  run.job("a", {});
  expect(run.entry("a")?.phase).toBe("Running");
  expect(run.status).not.toHaveProperty("message");
  expect(run.succeed("a").end?.phase).toBe("Succeeded");
});

test("what ends for another reason than its hindrance takes this with it", () => {
  const run = new DrivenRun(pipeline(step("a", { timeout: "8s" }), step("b")), {}, (job) =>
    job === "run--a" ? "exceeded quota" : undefined,
  );
  run.seconds = 8;
  run.decide();
  expect(run.entry("a")?.phase).toBe("Failed");
  expect(run.status).toMatchObject({ phase: "Running" });
  expect(run.status).not.toHaveProperty("message");
});
