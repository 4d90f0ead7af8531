import type { PipelineRun, Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { formatDag, treeRows } from "./dag.ts";
import { plain } from "./paint.ts";

const step = (name: string, ...needs: string[]): Step => ({ name, needs, image: "busybox", command: ["true"] });

test("a diamond stands as a tree, its last step under the deepest of its needs", () => {
  const rows = treeRows([
    step("load"),
    step("left", "load"),
    step("right", "load"),
    step("right2", "right"),
    step("join", "left", "right2"),
  ]);
  expect(rows.map((row) => row.indent + row.step.name + (row.needs.length ? ` +${row.needs.join()}` : ""))).toEqual([
    "load",
    "├─left",
    "└─right",
    "  └─right2",
    "    └─join +left",
  ]);
});

test("every step is shown once, even when needs are unknown or circular", () => {
  const steps = [step("a", "b"), step("b", "a"), step("c", "nowhere"), step("d", "d")];
  expect(
    treeRows(steps)
      .map((row) => row.step.name)
      .sort(),
  ).toEqual(["a", "b", "c", "d"]);
});

test.each([
  ["in its order", (steps: Step[]) => steps],
  ["backwards", (steps: Step[]) => steps.toReversed()],
])("a chain of 5,000 steps, given %s, is drawn whole, and no wider than a screen", (_order, given) => {
  const chain = Array.from({ length: 5000 }, (_, index) => (index === 0 ? step("s0") : step(`s${index}`, `s${index - 1}`)));
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "long" },
    spec: { pipeline: { steps: given(chain) } },
  };
  const lines = formatDag(run, 0, plain);
  expect(treeRows(given(chain)).map((row) => row.step.name)).toEqual(chain.map(({ name }) => name));
  expect(lines.reduce((width, line) => Math.max(width, line.length), 0)).toBeLessThan(120);
  expect(lines[20]).toMatch(/^ {36}└─○ s19 .*Pending$/);
  expect(lines[5000]).toMatch(/^ {38}⋯ ○ s4999 .*Pending .*needs s4998$/);
});

test("of more lines than are wanted, the title and the last ones are given", () => {
  const steps = Array.from({ length: 9 }, (_, index) => step(`s${index}`));
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "wide" },
    spec: { pipeline: { steps } },
  };
  expect(formatDag(run, 0, plain, 10)).toHaveLength(10);
  expect(formatDag(run, 0, plain, 4)).toEqual(["wide  ○ Pending", "… 7 lines above", "○ s7  Pending", "○ s8  Pending"]);
  expect(formatDag(run, 0, plain, 1)).toHaveLength(3);
});

test("a line tells a step's phase, items, duration, outputs and the reason of a failure", () => {
  const run = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "digits-1", namespace: "default" },
    spec: { pipeline: { steps: [step("load"), step("train", "load"), step("publish", "train")] } },
    status: {
      phase: "Failed",
      startedAt: "2026-01-01T00:00:00Z",
      finishedAt: "2026-01-01T00:00:12Z",
      message: "step train failed",
      steps: {
        load: { phase: "Succeeded", startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:02Z", outputs: { rows: "1797" } },
        train: {
          phase: "Failed",
          startedAt: "2026-01-01T00:00:02Z",
          finishedAt: "2026-01-01T00:00:12Z",
          items: { total: 9, succeeded: 8, failed: 1, active: 0 },
          message: "item 3: exit code 1",
        },
        publish: { phase: "Skipped" },
      },
    },
  } as PipelineRun;
  expect(formatDag(run, Date.parse("2026-01-01T01:00:00Z"), plain)).toEqual([
    "digits-1  ✖ Failed  12s",
    "step train failed",
    "✔ load         Succeeded                2.0s  rows=1797",
    "└─✖ train      Failed           8/9      10s  item 3: exit code 1",
    "  └─– publish  Skipped",
  ]);
});
