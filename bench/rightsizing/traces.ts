import { Random } from "../random.ts";

/** What a container needs, step by step. CPU in thousandths of a core, memory in bytes. */
export interface Trace {
  name: string;
  /** The sort of load, by which figures are added up. */
  kind: string;
  /** When it begins, and how long a step is, in milliseconds. */
  start: number;
  step: number;
  cpu: Float64Array;
  memory: Float64Array;
  /** Bytes more for each step since it was last started. */
  leak?: number;
  /** It is started anew, as by a new version, every so many steps. */
  startedEvery?: number;
}

const minute = 60_000;
const perDay = 24 * 60;
const mebi = 1024 ** 2;
const start = Date.UTC(2026, 0, 5);

/** Between 0 and 1. */
const share = (random: Random): number => random.below(1e6) / 1e6;
/** From `low` to `high`, on a scale of ratios. */
const between = (random: Random, low: number, high: number): number => low * (high / low) ** share(random);
/** About 0, by a standard deviation of 1. */
const normal = (random: Random): number => Array.from({ length: 12 }, () => share(random)).reduce((all, one) => all + one, -6);

type Load = (step: number) => { cpu: number; memory: number };

/** A load of each kind, by the numbers that its seed gives. */
const loads: Record<string, (random: Random) => { load: Load; leak?: number; startedEvery?: number }> = {
  /** The same every day, less at night and on weekends; memory follows a little. */
  diurnal: (random) => {
    const [cpu, memory, swing] = [between(random, 200, 3_000), between(random, 300, 4_000) * mebi, 0.3 + 0.5 * share(random)];
    const phase = random.below(perDay);
    return {
      load: (step) => {
        const weekend = Math.floor(step / perDay) % 7 >= 5 ? 0.7 : 1;
        const level = (1 + swing * Math.sin((2 * Math.PI * (step + phase)) / perDay)) * weekend;
        return {
          cpu: cpu * level * Math.exp(0.1 * normal(random)) * (random.chance(0.01) ? 2 : 1),
          memory: memory * (1 + 0.1 * level) * (1 + 0.01 * normal(random)),
        };
      },
    };
  },
  /** Next to nothing, and then for minutes much, of sizes that differ. */
  bursty: (random) => {
    const [cpu, memory] = [between(random, 500, 4_000), between(random, 100, 1_000) * mebi];
    let [left, size] = [0, 0];
    return {
      load: () => {
        if (left === 0 && random.chance(10 / perDay)) [left, size] = [5 + random.below(15), Math.exp(0.4 * normal(random))];
        if (left > 0) left--;
        const busy = left > 0 ? size : 0;
        return { cpu: 20 + cpu * busy * (0.8 + 0.2 * share(random)), memory: memory * (1 + 0.6 * busy) * (1 + 0.01 * normal(random)) };
      },
    };
  },
  /** Memory that is never given back, until it is started anew. */
  leak: (random) => {
    const [cpu, memory] = [between(random, 100, 1_000), between(random, 200, 800) * mebi];
    return {
      load: () => ({ cpu: cpu * Math.exp(0.15 * normal(random)), memory: memory * (1 + 0.01 * normal(random)) }),
      leak: between(random, 0.1, 0.6) * mebi,
      startedEvery: Math.floor(between(random, 1.5, 4) * perDay),
    };
  },
  /** Steady, and from one day on steady at another level. */
  step: (random) => {
    const [cpu, memory] = [between(random, 200, 2_000), between(random, 200, 3_000) * mebi];
    const [at, by] = [Math.floor((3 + 7 * share(random)) * perDay), between(random, 0.4, 2.5)];
    return {
      load: (step) => ({
        cpu: cpu * (step < at ? 1 : by) * Math.exp(0.15 * normal(random)),
        memory: memory * (step < at ? 1 : by) * (1 + 0.02 * normal(random)),
      }),
    };
  },
  /** A part of each hour, work of a size that is mostly small and sometimes large. */
  batch: (random) => {
    const [cpu, memory] = [between(random, 500, 2_000), between(random, 200, 1_500) * mebi];
    let size = 1;
    return {
      load: (step) => {
        if (step % 60 === 0) size = Math.exp(0.5 * normal(random));
        const isBusy = step % 60 < Math.min(55, 15 * size);
        return { cpu: isBusy ? cpu * (0.8 + 0.2 * share(random)) : 5, memory: memory * (0.2 + (isBusy ? 0.8 * size : 0)) };
      },
    };
  },
  /** As most containers are: little, and always the same. */
  steady: (random) => {
    const [cpu, memory] = [between(random, 3, 300), between(random, 30, 1_500) * mebi];
    return { load: () => ({ cpu: cpu * Math.exp(0.2 * normal(random)), memory: memory * (1 + 0.02 * normal(random)) }) };
  },
};

/** So many loads of each kind, each of so many days, a step a minute; the same for the same seed. */
export function syntheticTraces({ each, days, seed }: { each: number; days: number; seed: number }): Trace[] {
  return Object.entries(loads).flatMap(([kind, make], at) =>
    Array.from({ length: each }, (_, index): Trace => {
      const { load, ...rest } = make(new Random(seed * 1_000_003 + at * 1_009 + index));
      const cpu = new Float64Array(days * perDay);
      const memory = new Float64Array(days * perDay);
      for (let step = 0; step < cpu.length; step++) {
        const need = load(step);
        cpu[step] = Math.max(0, Math.round(need.cpu));
        memory[step] = Math.max(0, Math.round(need.memory));
      }
      return { name: `${kind}-${index}`, kind, start: start + index * 7 * minute, step: minute, cpu, memory, ...rest };
    }),
  );
}
