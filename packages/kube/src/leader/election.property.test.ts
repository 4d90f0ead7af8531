import { assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { SimulatedElection } from "../../testing/simulated-election.ts";
import { defaultDurations } from "./durations.ts";

test("two never hold the lease at the same moment, whatever is late, lost or stopped, and when all goes well one holds it", () => {
  let elections = 0;
  assert(
    property(integer(), integer({ min: 2, max: 4 }), (seed, candidates) => {
      const election = new SimulatedElection(candidates, defaultDurations, seed);
      election.run("storm", 240_000);
      elections += election.elections;
      election.run("calm", 90_000);
      expect(election.faults).toEqual([]);
      expect(election.holders).toHaveLength(1);
    }),
    { numRuns: 500 },
  );
  // The lease has changed hands often, else there was nothing to see.
  expect(elections).toBeGreaterThan(2_000);
});
