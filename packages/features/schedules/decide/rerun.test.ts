import { expect, test } from "vitest";
import { covered } from "./rerun.ts";
import type { RunFacts } from "./run.ts";

const run = (time: number, phase: RunFacts["phase"]): RunFacts => ({ name: `${time}-${phase}`, uid: "", time, phase, isEnding: false });

const runs = [
  run(1, "succeeded"),
  run(2, "failed"),
  run(3, "cancelled"),
  run(4, "active"),
  run(5, "failed"),
  run(5, "succeeded"),
  run(6, "active"),
  run(6, "failed"),
];

test.each([
  ["none", [1, 2, 3, 4, 5, 6]],
  ["failed", [1, 4, 5, 6]],
  ["all", []],
] as const)("with rerun: %s, times that have these runs are left out", (rerun, expected) => {
  const isCovered = covered(rerun, runs);
  expect([0, 1, 2, 3, 4, 5, 6, 7].filter(isCovered)).toEqual(expected);
});
