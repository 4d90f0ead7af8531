import type { PipelineRun, RunStatus, Step } from "@plimsoll/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Engine } from "./engine.ts";
import { compile, type Plan } from "./plan/plan.ts";
import { merged } from "./testing/merged.ts";
import { World } from "./testing/world.ts";

interface Scenario {
  steps: Step[];
  /** By step and item, how often its pod fails. */
  failures: number[][];
  /** Which of the things that can happen does. */
  choices: number[];
  /** After which ticks the controller dies, and how many of its status writes are lost with it. */
  crashes: { after: number; lost: number }[];
  /** Which of the first creations of Jobs are in vain. */
  hindrances: boolean[];
}

const scenario: fc.Arbitrary<Scenario> = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.record({
    steps: fc.tuple(...Array.from({ length: size }, (_, index) => stepOf(index))),
    failures: fc.array(fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)), { minLength: 4, maxLength: 4 }), {
      minLength: size,
      maxLength: size,
    }),
    choices: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 }),
    crashes: fc.array(fc.record({ after: fc.nat(40), lost: fc.nat(4) }), { maxLength: 3 }),
    hindrances: fc.array(fc.boolean(), { maxLength: 20 }),
  }),
);

function stepOf(index: number): fc.Arbitrary<Step> {
  const needs = fc.subarray(Array.from({ length: index }, (_, before) => `s${before}`));
  const shape = fc.constantFrom<Partial<Step>>(
    { command: ["true"] },
    { script: "true" },
    { script: "echo ${{ item }}", forEach: [1, 2, 3] },
    { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c", "d"] },
    { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c"], parallelism: 2 },
    { script: "true", forEach: [] },
  );
  return fc
    .record({ needs, shape, limit: fc.nat(3) })
    .map(({ needs, shape, limit }): Step => Object.assign({ name: `s${index}`, needs, image: "busybox", retry: { limit } }, shape));
}

interface Played {
  world: World;
  status: RunStatus;
}

/** Carries a run to its end; throws when it doesn't end. `meddle` does something from outside before a tick. */
function play(
  { steps, failures, choices, crashes, hindrances }: Scenario,
  meddle: (tick: number, world: World) => { cancel: boolean } = () => ({ cancel: false }),
): Played {
  const plan = planOf(steps);
  const inVain = hindrances.values();
  const world = new World(
    (step, item) => ({ failures: failures[Number(step.slice(1))]?.[item] ?? 0, output: `item=${item}` }),
    () => inVain.next().value ?? false,
  );
  const written: RunStatus[] = [{}];
  let engine = new Engine(runWith({}), plan, undefined, 0);
  for (let tick = 0; tick < 2_000; tick += 1) {
    const { cancel } = meddle(tick, world);
    const decision = engine.decide({ run: { namespace: "ns", name: "run", uid: "uid" }, now: tick * 1_000, cancel });
    for (const { step } of decision.create) {
      for (const need of plan.steps[step]?.needs ?? []) {
        const name = plan.steps[need]?.name ?? "";
        expect((decision.entries.get(need) ?? written.at(-1)?.steps?.[name])?.phase).toBe("Succeeded");
      }
    }
    const hindered = world.act(decision, engine);
    engine.advance(decision, runWith({}), tick * 1_000, { hindered });
    const patch = engine.takeUnwritten();
    if (patch) written.push(merged(written.at(-1) ?? {}, patch));
    if (decision.end) return { world, status: written.at(-1) ?? {} };
    const crash = crashes.find(({ after }) => after === tick);
    if (crash) {
      written.splice(Math.max(1, written.length - crash.lost));
      engine = new Engine(runWith(written.at(-1) ?? {}), plan, undefined, tick * 1_000);
      world.list(engine);
      continue;
    }
    const waits = decision.wakeAt !== undefined;
    if (world.idle && !waits && decision.create.length + decision.confirm.length + decision.entries.size === 0)
      throw new Error("nothing runs, and the run doesn't end");
    world.tick((below) => (choices[tick % choices.length] ?? 0) % Math.max(1, below), engine);
  }
  throw new Error("the run doesn't end");
}

function planOf(steps: Step[]): Plan {
  const result = compile({ pipeline: { steps } });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

function runWith(status: RunStatus): PipelineRun {
  return {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "run", namespace: "ns", uid: "uid" },
    spec: {},
    status,
  };
}

/** What must come out, worked out step by step without any engine. */
function expected({ steps, failures }: Scenario): Record<string, string> {
  const phases: Record<string, string> = {};
  for (const [index, step] of steps.entries()) {
    const items = Array.isArray(step.forEach) ? step.forEach.length : 1;
    const wins = Array.from({ length: items }, (_, item) => (failures[index]?.[item] ?? 0) <= (step.retry?.limit ?? 0)).every(Boolean);
    phases[step.name] = (step.needs ?? []).some((need) => phases[need] !== "Succeeded") ? "Skipped" : wins ? "Succeeded" : "Failed";
  }
  return phases;
}

const phasesOf = (status: RunStatus): Record<string, string> =>
  Object.fromEntries(Object.entries(status.steps ?? {}).map(([name, { phase }]) => [name, phase]));

test("every run ends with each step as its needs and outcomes make it, in whatever order things happen and are told, wherever the controller dies", () => {
  fc.assert(
    fc.property(scenario, (scenario) => {
      const { status, world } = play(scenario);
      const phases = expected(scenario);
      expect(phasesOf(status)).toEqual(phases);
      expect(status.phase).toBe(Object.values(phases).includes("Failed") ? "Failed" : "Succeeded");
      expect(status.progress).toBe(`${scenario.steps.length}/${scenario.steps.length}`);
      expect(new Set(world.created).size).toBe(world.created.length);
      for (const [key, count] of world.failures) {
        const limit = scenario.steps[Number(key.slice(1, key.indexOf("/")))]?.retry?.limit ?? 0;
        expect(count).toBeLessThanOrEqual(limit + 1);
      }
    }),
    { numRuns: 500 },
  );
});

test("the status is the same with crashes and without, but for times", () => {
  fc.assert(
    fc.property(scenario, fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 }), (scenario, choices) => {
      const crashed = play(scenario);
      const calm = play({ ...scenario, choices, crashes: [] });
      expect(withoutTimes(crashed.status)).toEqual(withoutTimes(calm.status));
      expect(crashed.world.created.toSorted()).toEqual(calm.world.created.toSorted());
    }),
    { numRuns: 500 },
  );
});

function withoutTimes(status: RunStatus): unknown {
  return JSON.parse(
    JSON.stringify(status, (key, value: unknown) => (["startedAt", "finishedAt", "lastTransitionTime"].includes(key) ? undefined : value)),
  );
}

test("a run that is cancelled ends at once, leaves nothing running, and starts nothing any more", () => {
  fc.assert(
    fc.property(scenario, fc.nat(30), (scenario, at) => {
      const { status, world } = play(scenario, (tick) => ({ cancel: tick >= at }));
      if (status.phase === "Cancelled") {
        expect(world.running).toEqual([]);
        for (const phase of ["Pending", "Running"]) expect(Object.values(phasesOf(status))).not.toContain(phase);
      } else {
        expect(phasesOf(status)).toEqual(expected(scenario));
      }
    }),
    { numRuns: 300 },
  );
});

test("a run ends also when its Jobs are deleted by someone, and doesn't create them again", () => {
  fc.assert(
    fc.property(scenario, fc.nat(10), fc.nat(10), (scenario, at, which) => {
      let deleted: string | undefined;
      const { status, world } = play({ ...scenario, crashes: [] }, (tick, world) => {
        const pod = world.running[which];
        if (tick >= at && deleted === undefined && pod) {
          const job = world.created.find((name) => pod.name.startsWith(`${name}-`));
          if (job) world.delete((deleted = job));
        }
        return { cancel: false };
      });
      expect(new Set(world.created).size).toBe(world.created.length);
      if (deleted !== undefined) expect(status.phase).toBe("Failed");
    }),
    { numRuns: 300 },
  );
});
