import { expect, test } from "vitest";
import type { Engine } from "./engine.ts";
import { Runs, viewRun, type RunView } from "./runs.ts";

const run = (finishedAt?: string) =>
  viewRun(
    {
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "PipelineRun",
      metadata: { namespace: "ns", name: "r", uid: "u" },
      spec: { ttl: { succeeded: "1h" }, pipeline: { ttl: { failed: "2h" }, steps: [{ name: "a", image: "x" }] } },
      ...(finishedAt === undefined ? {} : { status: { phase: "Succeeded" as const, finishedAt } }),
    },
    true,
  );
const engine = {} as Engine;

test("a run whose end the cache has seen leaves nothing behind, whether that or the answer to its write came first", () => {
  let seen: RunView | undefined = run();
  const runs = new Runs({ get: () => seen });
  runs.begin("u", engine);
  runs.end(run());
  expect([runs.hasEnded("u"), runs.engine("u")]).toEqual([true, undefined]);
  runs.forget("u");
  expect(runs.hasEnded("u")).toBe(false);

  runs.begin("u", engine);
  seen = run("2026-01-01T00:00:00Z");
  runs.forget("u");
  runs.end(run());
  expect(runs.hasEnded("u")).toBe(false);
});

test("a run expires so long after its end as its outcome says; what the run says wins", () => {
  expect(run().expiresAt).toBeUndefined();
  expect(run("2026-01-01T00:00:00Z").expiresAt).toBe(Date.parse("2026-01-01T01:00:00Z"));
});

test("of a run that has ended, the run itself is not kept", () => {
  expect([run().run !== undefined, run("2026-01-01T00:00:00Z").run]).toEqual([true, undefined]);
});
