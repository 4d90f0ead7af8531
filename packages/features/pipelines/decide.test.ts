import type { PipelineRun, RunStatus, Step, StepStatus } from "@plimsoll/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Engine } from "./engine.ts";
import { compile, type Plan } from "./plan.ts";
import { control, World } from "./testing/world.ts";

interface Scenario {
  steps: Step[];
  /** By step and item, how often its pod fails. */
  failures: number[][];
  choices: number[];
  /** After which ticks the controller dies, and how many of its status writes are lost with it. */
  crashes: { after: number; lost: number }[];
}

const scenario: fc.Arbitrary<Scenario> = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.record({
    steps: fc.tuple(...Array.from({ length: size }, (_, index) => stepOf(index))),
    failures: fc.array(fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), { minLength: size, maxLength: size }),
    choices: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 }),
    crashes: fc.array(fc.record({ after: fc.nat(20), lost: fc.nat(4) }), { maxLength: 3 }),
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
  return fc.record({ needs, shape, limit: fc.option(fc.nat(3)) }).map(({ needs, shape, limit }) => ({ name: `s${index}`, needs, image: "busybox", ...shape, ...(limit === null ? {} : { retry: { limit } }) }));
}

/** Carries a run to its end; throws when it doesn't end. */
function play({ steps, failures, choices, crashes }: Scenario): { world: World; status: RunStatus } {
  const plan = planOf(steps);
  const world = new World((step, item) => ({ failures: failures[Number(step.slice(1))]?.[item] ?? 0, output: `item=${item}` }));
  const written: RunStatus[] = [{}];
  let engine = new Engine(runWith({}), plan, undefined, 0);
  for (let tick = 0; tick < 1_000; tick += 1) {
    const decision = engine.decide(control);
    for (const { step } of decision.create) assertNeedsEnded(plan, step, written.at(-1)?.steps ?? {}, decision.entries);
    world.act(decision, engine);
    engine.advance(decision, runWith({}), 0);
    const patch = engine.takeUnwritten();
    if (patch) written.push({ ...written.at(-1), ...patch, steps: { ...written.at(-1)?.steps, ...patch.steps } });
    if (decision.end) return { world, status: written.at(-1) ?? {} };
    const crash = crashes.find(({ after }) => after === tick);
    if (crash) {
      written.splice(Math.max(1, written.length - crash.lost));
      engine = new Engine(runWith(written.at(-1) ?? {}), plan, undefined, 0);
      world.list(engine);
      continue;
    }
    const moved = world.tick((below) => (choices[tick % choices.length] ?? 0) % Math.max(1, below), engine);
    if (!moved && decision.create.length === 0) throw new Error("nothing runs, and the run doesn't end");
  }
  throw new Error("the run doesn't end");
}

function planOf(steps: Step[]): Plan {
  const result = compile({ pipeline: { steps } });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

function runWith(status: RunStatus): PipelineRun {
  return { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", metadata: { name: "run", namespace: "ns", uid: "uid" }, spec: {}, status };
}

function assertNeedsEnded(plan: Plan, step: number, before: Record<string, StepStatus>, now: ReadonlyMap<number, StepStatus>): void {
  for (const need of plan.steps[step]?.needs ?? []) {
    const entry = now.get(need) ?? before[plan.steps[need]?.name ?? ""];
    expect(entry?.phase).toBe("Succeeded");
  }
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

const phasesOf = (status: RunStatus): Record<string, string> => Object.fromEntries(Object.entries(status.steps ?? {}).map(([name, { phase }]) => [name, phase]));

test("every run ends with each step as its needs and outcomes make it, whatever the order of events and wherever the controller dies", () => {
  fc.assert(
    fc.property(scenario, (scenario) => {
      const { status, world } = play(scenario);
      const phases = expected(scenario);
      expect(phasesOf(status)).toEqual(phases);
      expect(status.phase).toBe(Object.values(phases).includes("Failed") ? "Failed" : "Succeeded");
      expect(status.progress).toBe(`${scenario.steps.length}/${scenario.steps.length}`);
      expect(new Set(world.created).size).toBe(world.created.length);
      for (const [key, count] of world.failuresOf) {
        const limit = scenario.steps[Number(key.slice(1, key.indexOf("/")))]?.retry?.limit ?? 0;
        expect(count).toBeLessThanOrEqual(limit + 1);
      }
    }),
    { numRuns: 500 },
  );
});

test("the status is the same with crashes and without, but for times", () => {
  fc.assert(
    fc.property(scenario, (scenario) => {
      const withoutTimes = (status: RunStatus): unknown => JSON.parse(JSON.stringify(status, (key, value: unknown) => (["startedAt", "finishedAt", "lastTransitionTime"].includes(key) ? undefined : value)));
      expect(withoutTimes(play(scenario).status)).toEqual(withoutTimes(play({ ...scenario, crashes: [] }).status));
    }),
    { numRuns: 300 },
  );
});
