import type { PipelineRun, PipelineSpec, RunStatus, Step } from "@plimsoll/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile, type Plan } from "../plan/plan.ts";
import { Engine } from "../run/engine.ts";
import { parseRecord } from "../run/status/record.ts";
import { merged } from "../testing/merged.ts";
import { World } from "../testing/world.ts";

interface Scenario {
  steps: Step[];
  last: Step[];
  keepPods: "always" | "onFailure" | "never";
  /** By step and item, how often its pod fails. */
  failures: number[][];
  /** Which of the things that can happen does. */
  choices: number[];
  /** After which ticks the controller dies. */
  crashes: number[];
  /** Which of the status writes that nothing waits for are made. */
  writes: boolean[];
  /** Which of the first creations of pods are blocked. */
  blocks: boolean[];
}

const scenario: fc.Arbitrary<Scenario> = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 2 })).chain(([size, final]) =>
  fc.record({
    steps: fc.tuple(...Array.from({ length: size }, (_, index) => stepOf("s", index))),
    last: fc.tuple(...Array.from({ length: final }, (_, index) => stepOf("f", index))),
    keepPods: fc.constantFrom("always" as const, "onFailure" as const, "never" as const),
    failures: fc.array(fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)), { minLength: 4, maxLength: 4 }), {
      minLength: size + final,
      maxLength: size + final,
    }),
    choices: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 }),
    crashes: fc.array(fc.nat(60), { maxLength: 4 }),
    writes: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
    blocks: fc.array(fc.boolean(), { maxLength: 20 }),
  }),
);

function stepOf(prefix: string, index: number): fc.Arbitrary<Step> {
  const needs = fc.subarray(Array.from({ length: index }, (_, before) => `${prefix}${before}`));
  const shape = fc.constantFrom<Partial<Step>>(
    { command: ["true"] },
    { script: "true" },
    { script: "echo ${{ item }}", forEach: [1, 2, 3] },
    { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c", "d"] },
    { command: ["echo", "${{ item }}"], forEach: ["a", "b", "c"], parallelism: 2 },
    { script: "true", forEach: [] },
    { script: "true", continueOnFailure: true },
  );
  return fc
    .record({ needs, shape, limit: fc.nat(3) })
    .map(({ needs, shape, limit }): Step => Object.assign({ name: `${prefix}${index}`, needs, image: "busybox", retry: { limit } }, shape));
}

interface Played {
  world: World;
  status: RunStatus;
  ticks: number;
}

const pipelineOf = ({ steps, last, keepPods }: Scenario): PipelineSpec => ({
  steps,
  keepPods,
  ...(last.length > 0 ? { finally: last } : {}),
});

/** Carries a run to its end; throws when it doesn't end. `meddle` does something from outside before a tick. */
function play(scenario: Scenario, meddle: (tick: number, world: World) => { cancel: boolean } = () => ({ cancel: false })): Played {
  const { failures, choices, crashes, writes, blocks, steps } = scenario;
  const plan = planOf(pipelineOf(scenario));
  const isBlocked = blocks.values();
  const place = (step: string): number => Number(step.slice(1)) + (step.startsWith("f") ? steps.length : 0);
  const world = new World(
    (step, item) => ({ failures: failures[place(step)]?.[item] ?? 0, output: `item=${item}` }),
    () => isBlocked.next().value ?? false,
  );
  let written: RunStatus = {};
  let engine = new Engine(runWith(scenario, {}), plan, 0, 512 * 1024);
  for (let tick = 0, now = 0; tick < 5_000; tick += 1, now += 1_000) {
    const { cancel } = meddle(tick, world);
    const decision = engine.decide({ now, cancel });
    for (const { step, object } of decision.create)
      for (const need of plan.steps[step]?.needs ?? []) {
        // What it builds on is written, or goes with it, and is not only known.
        const { name, spec } = plan.steps[need] ?? { name: "", spec: undefined };
        const record = parseRecord(object.metadata?.annotations?.["plimsoll.dev/record"] ?? "{}");
        const phase = (record[name] ?? written.steps?.[name])?.phase;
        expect(spec?.continueOnFailure === true ? ["Succeeded", "Failed"] : ["Succeeded"]).toContain(phase);
      }
    const outcome = world.act(decision, engine);
    engine.apply(decision, outcome, now);
    const isUrgent = decision.record || engine.hasEnded;
    if (engine.hasUnwritten && (isUrgent || writes[tick % writes.length])) {
      const { change, steps } = engine.takeUnwritten();
      written = merged(written, change);
      engine.recorded(steps);
    }
    for (const { name } of engine.disposal.discarded) world.delete(name);
    engine.disposal.done(engine.disposal.discarded.length);
    if (engine.hasEnded) return { world, status: written, ticks: tick };
    if (crashes.includes(tick)) {
      engine = new Engine(runWith(scenario, written), plan, now, 512 * 1024, world.list());
      continue;
    }
    if (world.idle && !engine.isDue(now)) {
      if (engine.nextWake === Infinity) throw new Error(`nothing runs, and the run doesn't end: ${JSON.stringify(written)}`);
      now = Math.max(now, engine.nextWake);
      continue;
    }
    world.tick((below) => (choices[tick % choices.length] ?? 0) % Math.max(1, below), engine);
  }
  throw new Error(`the run doesn't end: ${JSON.stringify(written)}`);
}

function planOf(pipeline: PipelineSpec): Plan {
  const result = compile({ pipeline });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

function runWith(scenario: Scenario, status: RunStatus): PipelineRun {
  return {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { name: "run", namespace: "ns", uid: "uid" },
    spec: { pipeline: pipelineOf(scenario) },
    status,
  };
}

/** What must come out, worked out step by step without any engine. */
function expected({ steps, last, failures }: Scenario): Record<string, string> {
  const phases: Record<string, string> = {};
  for (const [index, step] of [...steps, ...last].entries()) {
    const items = Array.isArray(step.forEach) ? step.forEach.length : 1;
    const wins = Array.from({ length: items }, (_, item) => (failures[index]?.[item] ?? 0) <= (step.retry?.limit ?? 0)).every(Boolean);
    const meets = (need: string): boolean =>
      phases[need] === "Succeeded" ||
      (phases[need] === "Failed" && [...steps, ...last].find(({ name }) => name === need)?.continueOnFailure === true);
    phases[step.name] = (step.needs ?? []).every(meets) ? (wins ? "Succeeded" : "Failed") : "Skipped";
  }
  return phases;
}

const phasesOf = (status: RunStatus): Record<string, string> =>
  Object.fromEntries(Object.entries(status.steps ?? {}).map(([name, { phase }]) => [name, phase]));

const limitOf = ({ steps, last }: Scenario, name: string): number =>
  [...steps, ...last].find((step) => step.name === name)?.retry?.limit ?? 0;

test("every run ends with each step as its needs and outcomes make it, in whatever order things happen and are told, wherever the controller dies", () => {
  fc.assert(
    fc.property(scenario, (scenario) => {
      const { status, world } = play(scenario);
      const phases = expected(scenario);
      expect(phasesOf(status)).toEqual(phases);
      const failed = [...scenario.steps, ...scenario.last].some((step) => phases[step.name] === "Failed" && !step.continueOnFailure);
      expect(status.phase).toBe(failed ? "Failed" : "Succeeded");
      expect(status.progress).toBe(`${Object.keys(phases).length}/${Object.keys(phases).length}`);
      expect(new Set(world.created).size).toBe(world.created.length);
      for (const [key, count] of world.failures) expect(count).toBeLessThanOrEqual(limitOf(scenario, key.slice(0, key.indexOf("/"))) + 1);
      const kept = world.pods.map(({ state }) => state.phase);
      if (scenario.keepPods === "never") expect(kept).toEqual([]);
      if (scenario.keepPods === "onFailure") expect(kept.filter((phase) => phase !== "failed")).toEqual([]);
      if (scenario.keepPods === "always") expect(kept).toHaveLength(world.created.length);
    }),
    { numRuns: 500 },
  );
});

test("the status is the same with crashes and without, but for times", () => {
  fc.assert(
    fc.property(scenario, fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 }), (scenario, choices) => {
      const crashed = play(scenario);
      const calm = play({ ...scenario, choices, crashes: [], writes: [true] });
      expect(essence(crashed.status)).toEqual(essence(calm.status));
      expect(crashed.world.created.toSorted()).toEqual(calm.world.created.toSorted());
    }),
    { numRuns: 500 },
  );
});

/** A status without times, and its tries in the order of their items. */
function essence(status: RunStatus): unknown {
  return JSON.parse(
    JSON.stringify(status, (key, value: unknown) => {
      if (["startedAt", "finishedAt", "lastTransitionTime"].includes(key)) return undefined;
      if (key === "tries" && Array.isArray(value))
        return (value as { item?: number; try: number }[]).toSorted((a, b) => (a.item ?? 0) - (b.item ?? 0) || a.try - b.try);
      return value;
    }),
  );
}

test("a run that is cancelled ends at once, leaves nothing running but the steps of finally, and starts nothing else any more", () => {
  fc.assert(
    fc.property(scenario, fc.nat(30), (scenario, at) => {
      const { status, world } = play(scenario, (tick) => ({ cancel: tick >= at }));
      for (const phase of ["Pending", "Running"]) expect(Object.values(phasesOf(status))).not.toContain(phase);
      if (status.phase === "Cancelled") expect(world.running).toEqual([]);
      else if (status.outcome?.phase !== "Cancelled") expect(phasesOf(status)).toEqual(expected(scenario));
      for (const { name } of scenario.last) expect(phasesOf(status)[name]).toBeDefined();
    }),
    { numRuns: 500 },
  );
});

test("pods that are deleted by somebody, or whose node is removed, in whatever state, cost no try and lose no outputs: they are run again where nobody has read what they came to", () => {
  fc.assert(
    fc.property(scenario, fc.array(fc.tuple(fc.nat(60), fc.nat(10), fc.boolean()), { maxLength: 5 }), (scenario, deletions) => {
      const { status } = play(scenario, (tick, world) => {
        for (const [at, which, isNode] of deletions) {
          const { name = "" } = world.pods[which % Math.max(1, world.pods.length)] ?? {};
          if (at === tick) world[isNode ? "removeNode" : "delete"](name);
        }
        return { cancel: false };
      });
      // A failure that nobody has read doesn't count, so that there may be fewer.
      const phases = expected(scenario);
      for (const [name, phase] of Object.entries(phasesOf(status))) if (phases[name] === "Succeeded") expect(phase).toBe("Succeeded");
      for (const step of [...scenario.steps, ...scenario.last]) {
        const { phase, outputs } = status.steps?.[step.name] ?? {};
        if (phase !== "Succeeded" || (Array.isArray(step.forEach) && step.forEach.length === 0)) continue;
        const items = Array.isArray(step.forEach) ? step.forEach.map((_, item) => ({ item: String(item) })) : { item: "0" };
        expect(outputs).toEqual(items);
      }
    }),
    { numRuns: 500 },
  );
});
