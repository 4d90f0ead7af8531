import { compile, decide, type Decision, type JobView, type PodView, type Plan, Progress, Tally } from "@plimsoll/features/pipelines";
import type { Step } from "@plimsoll/api";
import { percentile, type Row } from "./table.ts";
import { Random } from "./random.ts";

interface Played {
  seconds: number;
  /** Microseconds of each decision: `decide` and `advance`. */
  times: number[];
}

/** The cost of decisions alone, over runs of 10,000 steps carried to their end on a cluster where every Job succeeds at once. */
export async function decideBench(steps = 10_000): Promise<Row[]> {
  // The first run warms the compiler up.
  play(layers(1_000, 20));
  return [1, 20, 500].flatMap((width) =>
    rows(`${steps} steps, ${width === 1 ? "a chain" : `a random DAG, ${width} wide`}`, play(layers(steps, width))),
  );
}

function rows(name: string, { seconds, times }: Played): Row[] {
  const tenth = Math.floor(times.length / 10);
  const growth = percentile(times.slice(-tenth), 0.5) / percentile(times.slice(0, tenth), 0.5);
  return [
    { what: `${name}: checked, planned and run`, value: seconds, unit: "s" },
    { what: "  a decision, mean", value: times.reduce((sum, time) => sum + time, 0) / times.length, unit: "µs" },
    { what: "  a decision, p99", value: percentile(times, 0.99), unit: "µs" },
    { what: "  the last tenth's median to the first's", value: growth, aim: "≤ 1.5", reached: growth <= 1.5 },
  ];
}

/** Layers of equal width; each step needs one to three of the layer before. */
function layers(count: number, width: number): Step[] {
  const random = new Random(7);
  return Array.from({ length: count }, (_, index) => {
    const before = Math.floor(index / width) * width - width;
    const needs = before < 0 ? [] : [...new Set(Array.from({ length: 1 + random.below(3) }, () => `s${before + random.below(width)}`))];
    return { name: `s${index}`, image: "busybox", command: ["true"], needs };
  });
}

function play(steps: Step[]): Played {
  const begun = performance.now();
  const plan = planOf(steps);
  const progress = new Progress(plan);
  const tallies = new Map<string, Tally>();
  const observed = { tally: (step: string) => tallies.get(step), tallies: () => tallies, hindrance: () => undefined };
  const control = { run: { name: "run", namespace: "bench", uid: "uid" }, startedAt: 0, cancel: false };
  const running: string[] = [];
  const times: number[] = [];
  for (let decision: Decision | undefined; decision?.end === undefined;) {
    const started = performance.now();
    decision = decide(progress, observed, { ...control, now: times.length });
    progress.advance(decision);
    times.push((performance.now() - started) * 1000);
    for (const { step } of decision.create) running.push(tell(tallies, plan, step));
    const next = running.shift();
    if (next !== undefined) tallies.get(next)?.pod(podOf(next));
  }
  return { seconds: (performance.now() - begun) / 1000, times };
}

function tell(tallies: Map<string, Tally>, plan: Plan, step: number): string {
  const name = plan.steps[step]?.name ?? "";
  const tally = new Tally();
  const job: JobView = {
    namespace: "bench",
    name: `run--${name}`,
    run: "run",
    runUid: "uid",
    step: name,
    item: 0,
    createdAt: "2026-01-01T00:00:00Z",
    failure: undefined,
    complete: false,
    deleting: false,
    failedItems: 0,
  };
  tally.job(job);
  tallies.set(name, tally);
  return name;
}

function podOf(step: string): PodView {
  return {
    namespace: "bench",
    name: `run--${step}-x`,
    run: "run",
    runUid: "uid",
    step,
    item: 0,
    phase: "succeeded",
    written: { text: "", limit: 4096 },
    problem: undefined,
    finishedAt: "2026-01-01T00:00:00Z",
    deleting: false,
  };
}

function planOf(steps: Step[]): Plan {
  const result = compile({ pipeline: { steps } });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems[0]));
  return result.plan;
}
