import { formatPath, type PipelineSpec, type Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { DrivenRun } from "../testing/driven-run.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  image: "busybox",
  ...(more.script ? {} : { command: ["true"] }),
  ...more,
});
const pipeline = (...steps: Step[]): PipelineSpec => ({
  params: [
    { name: "n", type: "integer", default: 3 },
    { name: "names", type: "array", default: ["x", "y"] },
  ],
  steps,
});

test("a step starts when all that it needs has succeeded, and not before", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b"), step("c", { needs: ["a", "b"] })));
  expect(run.succeed("b").created).toEqual(["run--a--1", "run--b--1"]);
  expect(run.succeed("a").created.slice(2)).toEqual(["run--c--1"]);
});

test("a step whose condition is false is skipped, and so are its dependents without a condition of their own", () => {
  const run = new DrivenRun(
    pipeline(
      step("a", { if: "params.n > 5" }),
      step("b", { needs: ["a"] }),
      step("c", { needs: ["b"] }),
      step("d", { needs: ["b"], if: 'steps.b.phase == "Skipped"' }),
    ),
  );
  expect(run.created).toEqual(["run--d--1"]);
  expect(run.entry("a")).toMatchObject({ phase: "Skipped", message: "its condition is false" });
  expect(run.entry("b")).toMatchObject({ phase: "Skipped", message: "needs a, which was skipped" });
  expect(run.succeed("d").status.phase).toBe("Succeeded");
});

test("a condition can look at a step that failed", () => {
  const run = new DrivenRun(pipeline(step("a"), step("report", { needs: ["a"], if: 'steps.a.phase == "Failed"' })));
  run.fail("a");
  expect(run.created).toEqual(["run--a--1", "run--report--1"]);
  expect(run.succeed("report").status).toMatchObject({ phase: "Failed", message: "step a failed: exit code 1" });
});

test("a condition over outputs that a failed step never wrote skips the step, and is no mistake of the pipeline", () => {
  const run = new DrivenRun(pipeline(step("a"), step("b", { needs: ["a"], if: "double(steps.a.outputs.accuracy) > 0.9" })));
  expect(run.fail("a").problems).toEqual([]);
  expect(run.entry("b")).toMatchObject({ phase: "Skipped", message: "needs a, which failed" });
});

test.each<[name: string, more: Partial<Step>, output: string, field: string, message: RegExp]>([
  [
    "a condition over an output that never came",
    { if: 'steps.a.outputs.x == "1"' },
    "y=1",
    "if",
    /there is no "x"; a step must write each output that others use to \$PLIMSOLL_OUTPUTS/,
  ],
  ["a condition that is no yes or no", { if: "dyn(size(steps.a.outputs))" }, "y=1", "if", /^gives 1, not true or false$/],
  ["a condition over a number that is none", { if: "double(steps.a.outputs.x) > 0.5" }, "x=much", "if", /"much" is not a number/],
  ["items that are no list", { forEach: "${{ steps.a.outputs.x }}" }, 'x={"a": 1}', "forEach", /gives \{"a":1\}, not a list$/],
  ["items that are no JSON", { forEach: "${{ steps.a.outputs.x }}" }, "x=a, b", "forEach", /gives "a, b", which is not a list in JSON$/],
  ["items that never came", { forEach: "${{ steps.a.outputs.x }}" }, "", "forEach", /there is no "x"/],
  ["a script with an output that never came", { script: "echo ${{ steps.a.outputs.x }}" }, "", "script", /there is no "x"/],
  ["an argument with an output that never came", { command: ["echo", "${{ steps.a.outputs.x }}"] }, "", "command[1]", /there is no "x"/],
  [
    "one item of many that lacks a field",
    { forEach: [{ k: 1 }, {}], script: "echo ${{ item.k }}" },
    "",
    "script",
    /there is no "k" \(item 1\)$/,
  ],
  [
    "one item of many, its command, that lacks a field",
    { forEach: [{ k: 1 }, {}], parallelism: 1, command: ["echo", "${{ item.k }}"] },
    "",
    "command[1]",
    /there is no "k" \(item 1\)$/,
  ],
])("%s fails the step with field and reason, and creates nothing", (_name, more, output, field, message) => {
  const run = new DrivenRun(pipeline(step("a"), step("b", { needs: ["a"], ...more })));
  run.succeed("a", output);
  expect(run.created).toEqual(["run--a--1"]);
  const told = run.problems.map(({ path, message }) => [formatPath(path), message]);
  expect(told).toEqual([[`spec.steps[1].${field}`, expect.stringMatching(message)]]);
  expect(run.entry("b")).toMatchObject({ phase: "Failed", message: expect.stringMatching(field === "if" ? /^if: / : /^[a-zE[\]0-9]+: /) });
  expect(run.status.conditions?.[0]).toMatchObject({ type: "Valid", status: "False" });
  expect(run.status.phase).toBe("Failed");
});

test("items come from a literal list, a parameter, or an earlier step's output", () => {
  const run = new DrivenRun(
    pipeline(
      step("a"),
      step("b", { forEach: "${{ params.names }}", script: "echo ${{ item }}" }),
      step("c", { needs: ["a"], forEach: "${{ steps.a.outputs.grid }}", script: "echo ${{ item.c }} ${{ itemIndex }}" }),
    ),
  );
  expect([0, 1].map((item) => run.scriptOf(`run--b--${item}--1`))).toEqual(["echo x", "echo y"]);
  run.succeed("a", 'grid=[{"c": 0.5}, {"c": 10}]');
  expect([0, 1].map((item) => run.scriptOf(`run--c--${item}--1`))).toEqual(["echo 0.5 0", "echo 10 1"]);
});

test("a step over no items succeeds at once", () => {
  const run = new DrivenRun(
    pipeline(step("a", { forEach: [], script: "x" }), step("b", { needs: ["a"], script: "echo ${{ size(steps.a.outputs) }}" })),
  );
  expect(run.entry("a")).toMatchObject({ phase: "Succeeded", items: { total: 0 } });
  expect(run.scriptOf("run--b--1")).toBe("echo 0");
});

test("more items than a fan-out can hold are refused", () => {
  const run = new DrivenRun(
    pipeline(step("a"), step("b", { needs: ["a"], forEach: "${{ params.names.map(x, x) + params.names }}", script: "x" })),
    { names: Array.from({ length: 6_000 }, () => "x") },
  );
  run.succeed("a");
  expect(run.entry("b")?.message).toMatch(/gives 12000 items; at most 10000 are possible/);
});

test("an expression that would go on without end is cut off", () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `n${index}`);
  const run = new DrivenRun(pipeline(step("a", { if: "params.names.all(x, params.names.all(y, size(x + y) > 0))" })), { names });
  expect(run.entry("a")).toMatchObject({ phase: "Failed", message: expect.stringMatching(/go through more than 500000 items/) });
});

test("what one step's expressions go through doesn't count for others, and what takes long is done bit by bit", () => {
  const heavy = (name: string): Step =>
    step(name, { if: "params.names.all(text, params.names.all(other, !(text + other).contains('y')))" });
  const run = new DrivenRun(pipeline(heavy("a"), heavy("b"), heavy("c"), step("d")), {
    names: Array.from({ length: 4 }, () => "x".repeat(640_000)),
  });
  expect(run.created.toSorted()).toEqual(["run--a--1", "run--b--1", "run--c--1", "run--d--1"]);
});

test("a step may be called as something that every JavaScript object has", () => {
  const run = new DrivenRun({
    params: [{ name: "toString", default: "x" }],
    steps: [
      step("constructor"),
      step("b", { needs: ["constructor"], script: "${{ steps.constructor.outputs.hasOwnProperty }} ${{ params.toString }}" }),
    ],
  });
  run.succeed("constructor", "__proto__=1\nhasOwnProperty=2");
  expect(run.scriptOf("run--b--1")).toBe("2 x");
  expect(run.succeed("b").status.phase).toBe("Succeeded");
});
