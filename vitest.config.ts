import { defineConfig } from "vitest/config";

// As many as the cores of the smallest machine that they are meant for, as each has a whole cluster at work. The same for all projects, or they would
// go one after the other.
const maxWorkers = 2;

export default defineConfig({
  test: {
    // As long as it takes to end the shared cluster: what is left of it when this is over stays on the machine.
    teardownTimeout: 120_000,
    // The time-outs are far more than any takes, also on a machine that is slow or busy otherwise.
    projects: [
      {
        test: {
          name: "unit",
          include: ["{packages,bench,scripts,site}/**/*.test.ts"],
          maxWorkers,
          testTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: "release",
          include: ["tests/release/*.test.ts"],
          globalSetup: ["tests/release/setup.ts"],
          maxWorkers,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["tests/*.test.ts"],
          globalSetup: ["tests/support/shared-cluster.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 120_000 } },
          maxWorkers,
          // Most of a test's time is waiting for the cluster.
          maxConcurrency: 16,
        },
      },
    ],
  },
});
