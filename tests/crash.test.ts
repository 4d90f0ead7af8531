import type { PipelineRun, PipelineSpec } from "@plimsoll/api";
import { up, type Cluster } from "@plimsoll/cluster";
import { Host } from "@plimsoll/controller";
import { pipelinesWith } from "@plimsoll/features/pipelines";
import { Transport } from "@plimsoll/kube";
import { UseMeter } from "@plimsoll/model/sizing";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { programOf } from "../scripts/programs.ts";
import { podCreations } from "../bench/pod-creations.ts";
import { Random } from "../bench/random.ts";
import { place, type Place } from "./support/cluster.ts";
import { faultySender } from "./support/faulty-sender.ts";

let cluster: Cluster;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await up({ name: `crash-${process.pid}`, audit: true });
  kubeconfig = await prepare(cluster);
});
afterAll(() => cluster.down());

/** A diamond with a fan-out, slow enough for its status to be written on the way. */
const diamond: PipelineSpec = {
  steps: [
    { name: "load", image: "busybox", script: 'sleep 1; echo "rows=3" >> $PLIMSOLL_OUTPUTS' },
    {
      name: "fan",
      needs: ["load"],
      image: "busybox",
      forEach: ["a", "b", "c"],
      script: 'sleep 1; echo "item=${{ item }}" >> $PLIMSOLL_OUTPUTS',
    },
    { name: "side", needs: ["load"], image: "busybox", command: ["sleep", "3"] },
    {
      name: "join",
      needs: ["fan", "side"],
      image: "busybox",
      script: 'echo "all=${{ steps.fan.outputs.map(o, o.item) }} ${{ steps.load.outputs.rows }}" >> $PLIMSOLL_OUTPUTS',
    },
  ],
};

/** What every run of it writes before its last step starts: a pod for each item, and that `load`, `fan` and `side` have ended. */
const least = 7;

const program = programOf("dyingController");
const controllerOf = (namespace: string, limit = 0): Promise<LocalController> =>
  startController({ kubeconfig, folder: cluster.folder, program, args: [namespace, String(limit)] });

/** What has to be the same however often the controller dies: everything but times. */
function withoutTimes(run: PipelineRun): unknown {
  return JSON.parse(
    JSON.stringify(run.status, (key, value: unknown) =>
      ["startedAt", "finishedAt", "lastTransitionTime", "updatedAt"].includes(key) ? undefined : value,
    ),
  );
}

/**
 * How often each pod was created, of those that there are. A creation that was cut off as its caller died has no 201 in the log, but a 504:
 * then the pod is there all the same, or it was created again.
 */
async function creations({ client, namespace }: Place): Promise<number[]> {
  if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
  const counts = await podCreations(cluster.audit, namespace);
  const pods = await Array.fromAsync(client("pods").list({ namespace }));
  return pods.map(({ metadata: { name } }) => {
    const { answered = 0, cutOff = 0 } = counts.get(name) ?? {};
    return answered > 0 ? answered : Math.min(1, cutOff);
  });
}

/**
 * Runs the diamond under a controller that dies after `limit` writes, and under another from then on.
 * Some status writes are paced by the clock, so a run may take fewer writes than the one before it: then it ends under the first controller.
 */
async function playWith(limit: number): Promise<{ run: PipelineRun; own: Place; writes: number; died: boolean }> {
  const own = await place(cluster.kubeconfig);
  await own.start(diamond, { name: "diamond" });
  const ended = own.ended("diamond");
  let died = false;
  if (limit > 0) {
    const dying = await controllerOf(own.namespace, limit);
    died = await Promise.race([dying.ended.then(() => true), ended.then(() => false)]);
    await dying.stop();
  }
  const controller = await controllerOf(own.namespace);
  const run = await ended;
  await controller.stop();
  return { run, own, died, writes: Number(/writes: (\d+)/.exec(readFileSync(controller.log, "utf8"))?.[1]) };
}

test("whichever write the controller dies after, the run ends with the same status and each pod is created once", async () => {
  const whole = await playWith(0);
  expect(whole.run.status).toMatchObject({ phase: "Succeeded", steps: { join: { outputs: { all: "[a,b,c] 3" } } } });
  expect(whole.writes).toBeGreaterThanOrEqual(7);
  // One more than there were, for the run that ends before its controller would have died.
  const limits = Array.from({ length: whole.writes + 1 }, (_, index) => index + 1);
  const play = async (): Promise<void> => {
    for (let limit = limits.shift(); limit !== undefined; limit = limits.shift()) {
      const { run, own, died } = await playWith(limit);
      if (limit <= least) expect(died, `was to die after write ${limit}`).toBe(true);
      expect(withoutTimes(run), `killed after write ${limit}`).toEqual(withoutTimes(whole.run));
      expect(await creations(own), `killed after write ${limit}`).toEqual([1, 1, 1, 1, 1, 1]);
    }
  };
  await Promise.all([play(), play(), play()]);
}, 1_200_000);

/** Every item of its step gets its resources by how the others went. */
const sized: PipelineSpec = {
  steps: [
    {
      name: "fan",
      image: "busybox",
      forEach: ["a", "b", "c"],
      parallelism: 2,
      command: ["true"],
      resources: { auto: { max: { memory: "64Mi" } } },
    },
  ],
};

test("whichever write the controller dies after, a Pipeline remembers each pod of a step with resources.auto once", async () => {
  const play = async (limit: number): Promise<number> => {
    const own = await place(cluster.kubeconfig);
    const { client, namespace } = own;
    const metadata = { namespace, name: "sized" };
    await client("pipelines.plimsoll.dev").create({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata, spec: sized });
    await own.start(undefined, { name: "run", pipelineRef: { name: "sized" } });
    const ended = own.ended("run");
    if (limit > 0) {
      const dying = await controllerOf(namespace, limit);
      await Promise.race([dying.ended, ended]);
      await dying.stop();
    }
    const controller = await controllerOf(namespace);
    const { status } = await ended;
    await controller.stop();
    expect(status?.phase, `killed after write ${limit}`).toBe("Succeeded");
    const pods = await Array.fromAsync(client("pods").list({ namespace }));
    expect(await creations(own), `killed after write ${limit}`).toEqual([1, 1, 1]);
    const { status: memory } = await client("pipelines.plimsoll.dev").get({ namespace, name: "sized" });
    const tries = memory?.sizing?.["fan"]?.[0]?.tries ?? [];
    expect(tries.map(({ pod }) => pod).sort(), `killed after write ${limit}`).toEqual(
      pods.map(({ metadata }) => metadata.uid.slice(0, 8)).sort(),
    );
    return Number(/writes: (\d+)/.exec(readFileSync(controller.log, "utf8"))?.[1]);
  };
  const writes = await play(0);
  // A pod for each item, the Pipeline's status, and the run's at its beginning and its end.
  expect(writes).toBeGreaterThanOrEqual(6);
  const limits = Array.from({ length: writes }, (_, index) => index + 1);
  const some = async (): Promise<void> => {
    for (let limit = limits.shift(); limit !== undefined; limit = limits.shift()) await play(limit);
  };
  await Promise.all([some(), some(), some()]);
}, 600_000);

test("a run goes on when the API server is started again in the middle of it", async () => {
  const own = await place(cluster.kubeconfig);
  const controller = await controllerOf(own.namespace);
  await own.start(diamond, { name: "diamond" });
  await own.until("diamond", ({ status }) => status?.steps?.["fan"] !== undefined);
  await cluster.restart("kube-apiserver");
  const run = await own.ended("diamond");
  await controller.stop();
  expect(run.status).toMatchObject({ phase: "Succeeded", progress: "4/4" });
  expect(await creations(own)).toEqual([1, 1, 1, 1, 1, 1]);
});

test("whatever the API server answers, and whatever answers are lost, a run ends the same, and each pod is created once", async () => {
  const whole = await playWith(0);
  const told = new Map<string, number>();
  const play = async (seed: number): Promise<void> => {
    const own = await place(cluster.kubeconfig);
    const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: `faulty-${seed}` });
    const random = new Random(seed);
    const sender = faultySender(transport, 0.3, () => random.below(1_000_000) / 1_000_000, told);
    const end = new AbortController();
    const host = new Host({ sender, namespaces: { chosen: [own.namespace] } });
    const pipelines = pipelinesWith(new UseMeter());
    const running = host.run([{ feature: pipelines, config: pipelines.config.parse({}) }], end.signal);
    await own.start(diamond, { name: "diamond" });
    const run = await own.ended("diamond");
    end.abort();
    await running;
    await transport.close();
    expect(withoutTimes(run), `seed ${seed}`).toEqual(withoutTimes(whole.run));
    expect(await creations(own), `seed ${seed}`).toEqual([1, 1, 1, 1, 1, 1]);
  };
  await Promise.all([1, 2, 3, 4].map(play));
  // Each verb that the controller writes with has failed.
  expect([...told.keys()]).toEqual(expect.arrayContaining(["POST", "PATCH"]));
}, 600_000);
