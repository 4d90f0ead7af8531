import { compile, decide, type Decision, type Plan, Progress, StepPods, type TryView } from "@plimsoll/features/pipelines";
import type { Step } from "@plimsoll/api";
import { percentile, type Row } from "./table.ts";
import { Random } from "./random.ts";

interface Played {
  seconds: number;
  /** Microseconds of each decision: `decide` and `apply`. */
  times: number[];
}

/** The cost of decisions alone, over runs of 10,000 steps carried to their end on a cluster where every pod succeeds at once. */
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
  const pods = new Map<number, StepPods>();
  const due = new Set<number>();
  const control = { run: { name: "run", namespace: "bench", uid: "uid" }, startedAt: 0, cancel: false, outputLimit: 512 * 1024 };
  const running: number[] = [];
  const times: number[] = [];
  for (let decision: Decision | undefined; decision?.end === undefined;) {
    const started = performance.now();
    const observed = {
      due: [...due],
      pods: (step: number) => pods.get(step),
      blocked: () => undefined,
      tries: () => [],
      use: () => undefined,
    };
    decision = decide(progress, observed, { ...control, now: times.length });
    progress.apply(decision, { made: new Set(decision.create), ...none }, new Date(times.length).toISOString());
    progress.recorded(decision.ended.keys());
    times.push((performance.now() - started) * 1000);
    due.clear();
    for (const step of [...decision.started.keys(), ...decision.wakes.keys()]) due.add(step);
    for (const { step } of decision.create) {
      pods.set(step, new StepPods());
      running.push(step);
    }
    if (due.size > 0) continue;
    const next = running.shift();
    if (next === undefined) {
      if (decision.ended.size === 0) throw new Error("nothing runs, and the run doesn't end");
      continue;
    }
    pods.get(next)?.observe(podOf(plan.steps[next]?.name ?? ""));
    due.add(next);
  }
  return { seconds: (performance.now() - begun) / 1000, times };
}

const none = { refused: new Map<number, string>(), blocked: new Map<number, string>(), deferred: new Map<number, string>() };

function podOf(step: string): TryView {
  return {
    namespace: "bench",
    name: `run--${step}--1`,
    uid: step,
    run: "run",
    runUid: "uid",
    step,
    item: 0,
    try: 1,
    createdAt: "2026-01-01T00:00:00Z",
    state: { phase: "succeeded", written: { text: "", limit: 4096 } },
    deleting: false,
  };
}

function planOf(steps: Step[]): Plan {
  const result = compile({ pipeline: { steps } });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems[0]));
  return result.plan;
}
