import type { Advice, Recommender } from "./recommenders.ts";
import type { Trace } from "./traces.ts";

/** What came of it, added up over containers. */
export interface Outcome {
  /** What was requested and not used, and what was used. */
  slackCores: number;
  slackGib: number;
  usedCores: number;
  usedGib: number;
  /** Hours of containers: all, and those in which more CPU was used than requested. */
  hours: number;
  shortHours: number;
  ooms: number;
  /** How often a request was changed, after the first time. */
  changes: number;
}

const hour = 60 * 60_000;
const gibi = 1024 ** 3;
/** As VerticalPodAutoscaler's updater does: what is out of bounds is changed at once, other differences of 10 % after 12 hours. */
const [least, after] = [0.1, 12 * hour];
/** After so long, what is recommended is looked at again. A container that was killed stays down until then. */
const every = 10 * 60_000;

interface State {
  trace: Trace;
  cpu: number;
  memory: number;
  changedAt: number;
  /** Steps since it was started. */
  age: number;
  isDown: boolean;
  hasChanged: boolean;
  outcome: Outcome;
}

/**
 * Runs containers in simulated time, each with a memory limit at its request, and with CPU to spare on its node. They begin with what a careful user
 * asks for: twice the memory of the first day's peak, four times the mean of its CPU. The rule by which requests are changed is the same for every
 * recommender; a change restarts nothing.
 */
export async function simulate(traces: readonly Trace[], recommender: Recommender): Promise<Map<string, Outcome>> {
  const states = traces.map((trace): State => {
    const day = Math.round((24 * hour) / trace.step);
    const first = { cpu: trace.cpu.subarray(0, day), memory: trace.memory.subarray(0, day) };
    const cpu = (4 * first.cpu.reduce((all, one) => all + one, 0)) / first.cpu.length;
    const memory = 2 * (first.memory.reduce((most, one) => Math.max(most, one), 0) + (trace.leak ?? 0) * day);
    return { trace, cpu, memory, changedAt: trace.start, age: 0, isDown: false, hasChanged: false, outcome: nothing() };
  });
  const begin = Math.min(...traces.map(({ start }) => start));
  const end = Math.max(...traces.map(({ start, step, cpu }) => start + step * cpu.length));
  for (let from = begin; from < end; from += every) {
    for (const state of states) run(state, from, from + every, recommender);
    const advices = await recommender.advise(
      traces.map(({ name }) => name),
      from + every,
    );
    for (const [index, state] of states.entries()) apply(state, advices[index], from + every);
  }
  const found = new Map<string, Outcome>();
  for (const { trace, outcome } of states) add(found.getOrInsertComputed(trace.kind, nothing), outcome);
  return found;
}

/** All that came of several. */
export function total(outcomes: Iterable<Outcome>): Outcome {
  const all = nothing();
  for (const outcome of outcomes) add(all, outcome);
  return all;
}

function run(state: State, from: number, until: number, recommender: Recommender): void {
  const { trace, outcome } = state;
  const hours = trace.step / hour;
  const first = Math.max(0, Math.ceil((from - trace.start) / trace.step));
  for (let step = first; step < trace.cpu.length && trace.start + step * trace.step < until; step++) {
    const at = trace.start + step * trace.step;
    outcome.hours += hours;
    if (trace.startedEvery !== undefined && step > 0 && step % trace.startedEvery === 0) state.age = 0;
    const cpu = state.isDown ? 0 : (trace.cpu[step] ?? 0);
    const needed = state.isDown ? 0 : (trace.memory[step] ?? 0) + Math.round((trace.leak ?? 0) * state.age);
    if (needed > state.memory) {
      recommender.oom(trace.name, at, Math.round(state.memory));
      outcome.ooms++;
      outcome.slackCores += (state.cpu / 1_000) * hours;
      [state.isDown, state.age] = [true, 0];
      continue;
    }
    if (!state.isDown) {
      recommender.sample(trace.name, at, cpu, needed);
      state.age++;
      if (cpu > state.cpu) outcome.shortHours += hours;
    }
    outcome.slackCores += (Math.max(0, state.cpu - cpu) / 1_000) * hours;
    outcome.slackGib += ((state.memory - needed) / gibi) * hours;
    outcome.usedCores += (cpu / 1_000) * hours;
    outcome.usedGib += (needed / gibi) * hours;
  }
}

function apply(state: State, advice: Advice | undefined, now: number): void {
  const wasDown = state.isDown;
  state.isDown = false;
  if (advice === undefined || now <= state.trace.start) return;
  const { cpu, memory } = advice;
  const isOut = ([now, { lower, upper }]: readonly [number, Advice["cpu"]]): boolean => now < lower || now > upper;
  const differs = ([now, { target }]: readonly [number, Advice["cpu"]]): boolean => Math.abs(target - now) >= least * now;
  const both = [[state.cpu, cpu] as const, [state.memory, memory] as const];
  if (!wasDown && !both.some(isOut) && !(now - state.changedAt >= after && both.some(differs))) return;
  if (state.cpu === cpu.target && state.memory === memory.target) return;
  if (state.hasChanged) state.outcome.changes++;
  Object.assign(state, { cpu: cpu.target, memory: memory.target, changedAt: now, hasChanged: true });
}

function nothing(): Outcome {
  return { slackCores: 0, slackGib: 0, usedCores: 0, usedGib: 0, hours: 0, shortHours: 0, ooms: 0, changes: 0 };
}

function add(to: Outcome, one: Outcome): void {
  for (const key of Object.keys(to) as (keyof Outcome)[]) to[key] += one[key];
}
