import { crds } from "@plimsoll/api";
import { up, type AuditLog, type Cluster } from "@plimsoll/cluster";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { programOf } from "../scripts/programs.ts";
import { phases, place, type Place } from "./support/cluster.ts";
import { grantedKinds, jobStep, studies } from "./support/made-objects.ts";

let cluster: Cluster;
let audit: AuditLog;
let kubeconfig: string;
const config = { kinds: grantedKinds };

beforeAll(async () => {
  cluster = await up({ name: `manifest-crash-${process.pid}`, kubelet: false, simulatedNodes: 2, audit: true });
  if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
  audit = cluster.audit;
  kubeconfig = await prepare(cluster, { features: ["pipelines"], config: { pipelines: config }, crds: [...crds(), studies as never] });
});
afterAll(() => cluster.down());

const program = programOf("dyingController");
const controllerOf = (namespace: string, limit = 0): Promise<LocalController> =>
  startController({
    kubeconfig,
    folder: cluster.folder,
    program,
    args: [namespace, String(limit), "pipelines", JSON.stringify(config)],
  });

/** Jobs of which one has failed once, then a fan-out, then one that reads what came of it. */
const pipeline = {
  steps: [
    jobStep("late", {
      runs: false,
      spec: { activeDeadlineSeconds: 1 },
      retry: { limit: 1, backoff: { initial: "1s" } },
      continueOnFailure: true,
    }),
    jobStep("fan", { needs: ["late"], forEach: [1, 2], outputs: { pods: "object.status.succeeded" } }),
    jobStep("join", { needs: ["fan"], spec: { completions: "${{ steps.fan.outputs.map(o, int(o.pods)).sum() }}" } }),
  ],
};

/** How often each Job was made: with its answer, or cut off as its caller was gone, when it may have been made or not. */
async function creations(namespace: string): Promise<Record<string, number>> {
  const [answered, cutOff] = [new Map<string, number>(), new Set<string>()];
  for await (const event of audit.since(0, namespace)) {
    if (event.verb !== "create" || event.resource !== "jobs" || event.namespace !== namespace) continue;
    if (event.uri.includes("dryRun=All")) continue;
    if (event.code === 201) answered.set(event.name, (answered.get(event.name) ?? 0) + 1);
    else if (event.code >= 499) cutOff.add(event.name);
  }
  for (const name of cutOff) if (!answered.has(name)) answered.set(name, 1);
  return Object.fromEntries([...answered].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function playWith(limit: number): Promise<{ own: Place; writes: number; died: boolean; phases: unknown }> {
  const own = await place(cluster.kubeconfig);
  await own.start(pipeline, { name: "run" });
  const ended = own.ended("run", 240);
  let died = false;
  if (limit > 0) {
    const dying = await controllerOf(own.namespace, limit);
    // The last writes delete what isn't kept, when the run has ended already.
    died = await Promise.race([dying.ended.then(() => true), ended.then(() => sleep(3_000, false))]);
    await dying.stop();
  }
  const controller = await controllerOf(own.namespace);
  const run = await ended;
  const left = () => Array.fromAsync(own.client("jobs.batch").list({ namespace: own.namespace }));
  await vi.waitFor(async () => expect(await left(), `killed after write ${limit}`).toEqual([]), { timeout: 60_000, interval: 200 });
  await controller.stop();
  return { own, died, phases: phases(run), writes: Number(/writes: (\d+)/.exec(readFileSync(controller.log, "utf8"))?.[1]) };
}

test("whichever write the controller dies after, each Job is made once, the run ends the same, and nothing is left", async () => {
  const whole = await playWith(0);
  const made = { "run--fan--0--1": 1, "run--fan--1--1": 1, "run--join--1": 1, "run--late--1": 1, "run--late--2": 1 };
  expect(whole.phases).toEqual({ late: "Failed", fan: "Succeeded", join: "Succeeded" });
  expect(await creations(whole.own.namespace)).toEqual(made);
  // Five creations, as many deletions, and what stands in the status before them.
  expect(whole.writes).toBeGreaterThanOrEqual(12);
  const limits = Array.from({ length: whole.writes }, (_, index) => index + 1);
  const play = async (): Promise<void> => {
    for (let limit = limits.shift(); limit !== undefined; limit = limits.shift()) {
      const { own, died, phases } = await playWith(limit);
      if (limit <= 10) expect(died, `was to die after write ${limit}`).toBe(true);
      expect(phases, `killed after write ${limit}`).toEqual(whole.phases);
      expect(await creations(own.namespace), `killed after write ${limit}`).toEqual(made);
    }
  };
  await Promise.all([play(), play(), play()]);
}, 1_200_000);
