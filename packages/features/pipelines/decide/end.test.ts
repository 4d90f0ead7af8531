import type { PipelineSpec, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { DrivenRun } from "../testing/driven-run.ts";
import { succeeded, tryOf, waiting } from "../testing/tries.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script ? {} : { command: ["true"] }),
  ...more,
});
const pipeline = (...steps: Step[]): PipelineSpec => ({ steps });
const fan = { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c"] };

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
  expect(scriptOf(good)).toBe("echo Succeeded Succeeded");
  expect(good.status).toMatchObject({ phase: "Running", outcome: { phase: "Succeeded" }, progress: "2/4" });
  expect(good.succeed("tell").succeed("after").status).toMatchObject({ phase: "Succeeded", progress: "4/4" });

  const bad = of();
  bad.fail("a");
  expect(scriptOf(bad)).toBe("echo Failed Skipped");
  expect(bad.succeed("tell").succeed("after").status).toMatchObject({ phase: "Failed", message: "step a failed: exit code 1" });

  const cancelled = of();
  cancelled.cancel = true;
  expect(scriptOf(cancelled.decide())).toBe("echo Cancelled Cancelled");
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
