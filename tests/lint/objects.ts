/** Objects of the other kinds with most of their fields, all of which the API server takes. */
const metadata = { name: "m", labels: { a: "b", "example.com/x": "y" }, annotations: { "example.com/n": "text" } };
const pipeline = { params: [{ name: "a" }], timeout: "1h", steps: [{ name: "a", image: "busybox", script: "true" }] };
const containers = [{ name: "x", image: "busybox" }];

export const objects: readonly { kind: string; metadata: object; spec: object }[] = [
  {
    kind: "PipelineRun",
    metadata,
    spec: { pipelineRef: { name: "p" }, params: { a: 1, b: ["x"] }, serviceAccountNames: ["x"], manifestKinds: ["batch/v1 Job"] },
  },
  { kind: "PipelineRun", metadata: { generateName: "m-" }, spec: { params: { a: "x" }, pipeline } },
  {
    kind: "PipelineSchedule",
    metadata,
    spec: {
      cron: ["0 1 * * *", "@daily"],
      timeZone: "Europe/Zurich",
      gap: "after",
      repeat: "first",
      start: "2026-01-01T00:00:00Z",
      end: "2027-01-01T00:00:00Z",
      jitter: "5m",
      concurrency: "Forbid",
      missedRuns: "latest",
      startingDeadline: "1h",
      suspend: false,
      history: { succeeded: 1, failed: 2, cancelled: 0 },
      template: { metadata: { labels: { a: "b" } }, spec: { pipelineRef: { name: "p" }, params: { day: "${{ schedule.date }}" } } },
    },
  },
  { kind: "PipelineSchedule", metadata, spec: { interval: "1h", template: { spec: { params: { a: "x" }, pipeline } } } },
  {
    kind: "Backfill",
    metadata,
    spec: { schedule: "s", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", parallel: 2, serviceAccountNames: ["a"] },
  },
  { kind: "Drain", metadata, spec: { nodes: ["a", "b"] } },
  {
    kind: "WorkloadSet",
    metadata,
    spec: {
      manifests: [
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "b" } },
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "d" },
          spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec: { containers } } },
        },
      ],
    },
  },
];
