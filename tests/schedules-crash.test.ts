import { up, type Cluster } from "@plimsoll/cluster";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { programOf } from "../scripts/programs.ts";
import { place, type Place } from "./support/cluster.ts";

let cluster: Cluster;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await up({ name: `schedules-crash-${process.pid}`, kubelet: false });
  kubeconfig = await prepare(cluster);
});
afterAll(() => cluster.down());

const program = programOf("dyingController");
const controllerOf = (namespace: string, limit = 0): Promise<LocalController> =>
  startController({ kubeconfig, folder: cluster.folder, program, args: [namespace, String(limit), "schedules"] });

const template = { spec: { pipeline: { steps: [{ name: "greet", image: "busybox", command: ["true"] }] } } };
const apiVersion = "plimsoll.dev/v1alpha1" as const;
const metadata = { name: "s" };
const second = (offset: number): string => new Date(Math.ceil(Date.now() / 1000) * 1000 + offset * 1000).toISOString().replace(".000", "");

async function until(what: string, find: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(100)) if (await find()) return;
  throw new Error(`${what}: not within 120 s`);
}

/** The names and UIDs of the runs that were ever there: what was made twice would have two. */
async function runsIn({ client, namespace }: Place): Promise<string[]> {
  const runs = await Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace }));
  return runs.map(({ metadata }) => metadata.name).sort();
}

/** Plays under a controller that dies after so many writes, and under another from then on; gives the writes of the latter. */
async function playWith(limit: number, own: Place, isDone: () => Promise<boolean>): Promise<number> {
  if (limit > 0) {
    const dying = await controllerOf(own.namespace, limit);
    const ended = dying.ended.then(() => true);
    await until("it dies, or all is done", async () => (await Promise.race([ended, sleep(10, false)])) || isDone());
    await dying.stop();
  }
  const controller = await controllerOf(own.namespace);
  await until("all is done", isDone);
  await controller.stop();
  return Number(/writes: (\d+)/.exec(readFileSync(controller.log, "utf8"))?.[1]);
}

/** Four times of a schedule, a second apart. */
async function playSchedule(limit: number): Promise<number> {
  const own = await place(cluster.kubeconfig);
  const { client, namespace } = own;
  const [start, end] = [second(4), second(7)];
  const spec = { interval: "1s", start, end, missedRuns: "all" as const, template };
  await client("pipelineschedules.plimsoll.dev").create({
    apiVersion,
    kind: "PipelineSchedule",
    metadata: { ...metadata, namespace },
    spec,
  });
  const writes = await playWith(limit, own, async () => {
    const { status } = await client("pipelineschedules.plimsoll.dev").get({ namespace, name: "s" });
    return status?.lastTime === end && status.queue === undefined;
  });
  const runs = await Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace }));
  const times = runs.map(({ metadata: { annotations = {} } }) => annotations["plimsoll.dev/scheduled-time"] ?? "").sort();
  const from = Date.parse(start);
  expect({ limit, times }).toEqual({
    limit,
    times: [0, 1, 2, 3].map((offset) => new Date(from + offset * 1000).toISOString().replace(".000", "")),
  });
  return writes;
}

test("whichever write the controller dies after, each of a schedule's times has one run", async () => {
  const writes = await playSchedule(0);
  expect(writes).toBeGreaterThanOrEqual(5);
  await Promise.all(Array.from({ length: writes + 1 }, (_, index) => playSchedule(index + 1)));
}, 900_000);

/** A backfill of three times, whose runs are ended by hand as nothing carries them out. */
async function playBackfill(limit: number): Promise<number> {
  const own = await place(cluster.kubeconfig);
  const { client, namespace } = own;
  const spec = { interval: "1h", suspend: true, template };
  await client("pipelineschedules.plimsoll.dev").create({
    apiVersion,
    kind: "PipelineSchedule",
    metadata: { ...metadata, namespace },
    spec,
  });
  await client("backfills.plimsoll.dev").create({
    apiVersion,
    kind: "Backfill",
    metadata: { namespace, name: "b" },
    spec: { schedule: "s", from: "2026-01-01T00:00:00Z", to: "2026-01-01T02:00:00Z", parallel: 2 },
  });
  const made = new Map<string, string>();
  const writes = await playWith(limit, own, async () => {
    for (const { metadata, status } of await Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace }))) {
      expect(made.get(metadata.name) ?? metadata.uid).toBe(metadata.uid);
      made.set(metadata.name, metadata.uid);
      if (status?.finishedAt !== undefined) continue;
      const now = new Date().toISOString();
      const ended = { phase: "Succeeded", finishedAt: now, updatedAt: now };
      await client("pipelineruns.plimsoll.dev/status").patch({ namespace, name: metadata.name }, { status: ended });
    }
    const { status } = await client("backfills.plimsoll.dev").get({ namespace, name: "b" });
    return status?.phase === "Succeeded";
  });
  expect({ limit, runs: await runsIn(own) }).toEqual({ limit, runs: ["b-202601010000b1", "b-202601010100b1", "b-202601010200b1"] });
  return writes;
}

test("whichever write the controller dies after, each time of a backfill is run once, and it ends", async () => {
  const writes = await playBackfill(0);
  expect(writes).toBeGreaterThanOrEqual(5);
  await Promise.all(Array.from({ length: writes + 1 }, (_, index) => playBackfill(index + 1)));
}, 900_000);
