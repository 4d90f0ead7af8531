import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      // Far more than any takes, also on a machine that is busy otherwise.
      { test: { name: "unit", include: ["packages/**/*.test.ts", "bench/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "cluster",
          include: ["tests/*.test.ts"],
          globalSetup: ["tests/support/shared-cluster.ts"],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // The machine is shared by a whole cluster: more files at once only wait for each other.
          maxWorkers: 2,
          // Most of a test's time is waiting for the cluster.
          maxConcurrency: 16,
        },
      },
    ],
  },
});
