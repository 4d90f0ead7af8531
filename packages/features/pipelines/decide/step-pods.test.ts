import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { TryView } from "../step/kind.ts";
import { active, failed, succeeded, tryOf, waiting } from "../testing/tries.ts";
import { StepPods } from "./step-pods.ts";

const told: fc.Arbitrary<{ view: TryView; gone: boolean }> = fc
  .record({
    item: fc.nat(2),
    try: fc.integer({ min: 1, max: 3 }),
    state: fc.constantFrom(active, waiting("x"), succeeded("a=1"), failed()),
    gone: fc.boolean(),
  })
  .map(({ item, try: number, state, gone }) => ({ view: tryOf("s", item, { try: number, state }), gone }));

const summary = (pods: StepPods): unknown => [
  [0, 1, 2].map((item) => pods.latest(item)),
  [...pods.active].map(({ name }) => name).sort(),
  pods.activeCount,
  pods.unplaced,
];

test("what is told twice changes nothing", () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 20 }), (events) => {
      const [once, twice] = [new StepPods(), new StepPods()];
      for (const { view, gone } of events) {
        once.observe(view, gone);
        twice.observe(view, gone);
        twice.observe(view, gone);
      }
      expect(summary(twice)).toEqual(summary(once));
    }),
  );
});

test("those that run are counted, whatever was told before", () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 20 }), (events) => {
      const pods = new StepPods();
      for (const { view, gone } of events) pods.observe(view, gone);
      expect(pods.activeCount).toBe([...pods.active].length);
      expect(pods.unplaced).toBe([...pods.active].filter(({ state }) => state.phase === "active" && !state.placed).length);
      for (const { item, try: number } of pods.active) expect(pods.latest(item)?.try).toBeGreaterThanOrEqual(number);
    }),
  );
});

test("an older state of a try that has ended, or is gone, changes nothing", () => {
  const pods = new StepPods();
  pods.observe(tryOf("s", 0, { state: failed(3) }));
  pods.made(tryOf("s", 0));
  pods.observe(tryOf("s", 0, { state: waiting("x") }));
  expect(pods.latest(0)?.view?.state).toEqual(failed(3));
  pods.observe(tryOf("s", 1), true);
  pods.made(tryOf("s", 1));
  expect([pods.activeCount, pods.latest(1)?.gone]).toEqual([0, true]);
});

test("what a pod waited for is kept while it is being deleted", () => {
  const pods = new StepPods();
  pods.observe(tryOf("s", 0, { state: waiting("unschedulable") }));
  pods.observe(tryOf("s", 0, { state: { phase: "active", placed: true, began: false }, deleting: true }));
  expect(pods.waiting).toEqual({ item: 0, reason: "unschedulable" });
  pods.observe(tryOf("s", 0, { state: waiting("unschedulable") }), true);
  expect(pods.waiting).toBeUndefined();
});

test("news is there until it is settled, and not longer", () => {
  const pods = new StepPods();
  pods.observe(tryOf("s", 0));
  const { version } = pods;
  pods.observe(tryOf("s", 1));
  pods.settle(version);
  expect([...pods.news]).toEqual([1]);
});
