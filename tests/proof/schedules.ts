import type { Backfill, PipelineSchedule } from "@plimsoll/api";
import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario, Stage } from "./scenario.ts";

const template = { spec: { pipeline: { steps: [{ name: "greet", image: "busybox", command: ["true"] }] } } };

/** A schedule that is due every two seconds. */
function schedule({ client, namespace }: Stage, spec: Partial<PipelineSchedule["spec"]> = {}) {
  return client("pipelineschedules.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineSchedule",
    metadata: { namespace, name: "often" },
    spec: { interval: "2s", template, ...spec },
  });
}

function backfill({ client, namespace }: Stage, spec: Partial<Backfill["spec"]> = {}) {
  const [from, to] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:04Z"];
  return client("backfills.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "Backfill",
    metadata: { namespace, name: "again" },
    spec: { schedule: "often", from, to, ...spec },
  });
}

/** Waits until something holds, and gives it. */
export async function until<T>(seconds: number, find: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(200)) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`not within ${seconds} s`);
}

const runsIn = ({ client, namespace }: Stage) => Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace }));

async function end({ client, namespace }: Stage, name: string, phase: "Succeeded" | "Cancelled"): Promise<void> {
  await client("pipelineruns.plimsoll.dev/status").patch(
    { namespace, name },
    { status: { phase, finishedAt: new Date().toISOString(), updatedAt: new Date().toISOString() } },
  );
}

/** All that the schedules feature needs the API for; runs are ended here, as nothing carries them out. */
export const scenarios: readonly Scenario[] = [
  {
    name: "due-schedule",
    shows: "a schedule starts runs at its times, says so, and of those that have ended keeps as many as it is to",
    proves: [
      "watch pipelineschedules.plimsoll.dev",
      "get pipelineschedules.plimsoll.dev",
      "patch pipelineschedules.plimsoll.dev/status",
      "watch pipelineruns.plimsoll.dev",
      "create pipelineruns.plimsoll.dev",
      "delete pipelineruns.plimsoll.dev",
    ],
    async play(stage) {
      const { client, namespace, begin, expecting, seconds } = stage;
      const { metadata } = await schedule(stage, { history: { succeeded: 0 } });
      // As it is when another process leads from now on: times have passed already.
      await until(seconds, () => Promise.resolve(Date.now() > Date.parse(metadata.creationTimestamp) + 4_000));
      await expecting("the caches are filled", begin());
      const [first] = await expecting(
        "a run is started",
        until(seconds, async () => (await runsIn(stage)).slice(0, 1).map(({ metadata }) => metadata.name)[0]).then((name) => [name]),
      );
      const read = () => client("pipelineschedules.plimsoll.dev").get({ namespace, name: "often" });
      await expecting(
        "the status says so",
        until(seconds, async () => (await read()).status?.lastRun !== undefined),
      );
      await end(stage, first, "Succeeded");
      await expecting(
        "the run that has ended is deleted",
        until(seconds, async () => (await runsIn(stage)).every(({ metadata }) => metadata.name !== first)),
      );
    },
  },
  {
    name: "replaced-run",
    shows: "a run is cancelled when another is to replace it, and that starts when it has ended",
    proves: ["patch pipelineruns.plimsoll.dev"],
    async play(stage) {
      const { begin, expecting, seconds } = stage;
      await expecting("the caches are filled", begin());
      await schedule(stage, { concurrency: "Replace" });
      const first = await expecting(
        "the first run is cancelled",
        until(seconds, async () => (await runsIn(stage)).find(({ spec }) => spec.cancel)),
      );
      await end(stage, first.metadata.name, "Cancelled");
      await expecting(
        "another starts",
        until(seconds, async () => (await runsIn(stage)).length > 1),
      );
    },
  },
  {
    name: "backfilled-range",
    shows: "a backfill runs each time of a range and says when it is done",
    proves: ["watch backfills.plimsoll.dev", "get backfills.plimsoll.dev", "patch backfills.plimsoll.dev/status"],
    async play(stage) {
      const { client, namespace, begin, expecting, seconds } = stage;
      await expecting("the caches are filled", begin());
      await schedule(stage, { suspend: true });
      await backfill(stage, { parallel: 2 });
      await expecting(
        "each run is started and the backfill succeeds",
        until(seconds, async () => {
          for (const { metadata, status } of await runsIn(stage))
            if (status?.finishedAt === undefined) await end(stage, metadata.name, "Succeeded");
          const { status } = await client("backfills.plimsoll.dev").get({ namespace, name: "again" });
          return status?.phase === "Succeeded" && status.progress === "3/3";
        }),
      );
    },
  },
  {
    name: "older-schedules",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: ["list pipelineschedules.plimsoll.dev", "list backfills.plimsoll.dev", "list pipelineruns.plimsoll.dev"],
    isOlder: true,
    async play(stage) {
      const { begin, expecting, seconds } = stage;
      await schedule(stage);
      await expecting("the caches are filled", begin());
      await expecting(
        "a run is started",
        until(seconds, async () => (await runsIn(stage)).length > 0),
      );
    },
  },
  {
    name: "others-run",
    shows: "where something of somebody else's has a run's name, the schedule says so",
    proves: ["get pipelineruns.plimsoll.dev"],
    async play(stage) {
      const { client, namespace, begin, start, expecting, seconds } = stage;
      await expecting("the caches are filled", begin());
      const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 10_000).toISOString().replace(".000", "");
      const [, minutes = "", rest = ""] = /^(.{12})(..)/.exec(at.replace(/\D/g, "")) ?? [];
      await start(template.spec.pipeline, { name: `often-${minutes}${rest === "00" ? "" : rest}` });
      await schedule(stage, { interval: "1h", start: at });
      await expecting(
        "the status says whose it is",
        until(seconds, async () => {
          const { status } = await client("pipelineschedules.plimsoll.dev").get({ namespace, name: "often" });
          return status?.conditions?.some(({ type, message }) => type === "Starting" && message.includes("belongs to somebody else"));
        }),
      );
    },
  },
];
