import { comparisons, modes, type Mode } from "./comparisons.ts";

/** What of the benchmark is to be done, as the command line says it. */
export interface Flags {
  loads?: string | undefined;
  modes?: string | undefined;
  only?: string | undefined;
  times?: string | undefined;
  base?: string | undefined;
}

export type BuildName = "baseline" | "new";

export interface Choice {
  loads: string[];
  modes: Mode[];
  builds: BuildName[];
  /** How often each is measured. */
  times: number;
  /** The revision whose build is the baseline. */
  base: string;
}

/** The last build that made a Job of each step. */
const lastWithJobs = "4b22636";

/** All, once, where nothing is said. Throws a RangeError for what there is not. */
export function choiceOf({ loads, modes: modeNames, only, times = "1", base = lastWithJobs }: Flags): Choice {
  if (!/^[1-9]\d*$/.test(times)) throw new RangeError(`--times: "${times}" is no number of times`);
  return {
    base,
    times: Number(times),
    loads: named("loads", Object.keys(comparisons), loads),
    modes: named("modes", Object.keys(modes) as Mode[], modeNames),
    builds: named("only", ["baseline", "new"], only),
  };
}

function named<T extends string>(flag: string, all: T[], asked: string | undefined): T[] {
  const names = asked?.split(",") ?? all;
  const unknown = names.find((name) => !all.some((known) => known === name));
  if (unknown !== undefined) throw new RangeError(`--${flag}: there is no "${unknown}"; there is ${all.join(", ")}`);
  return all.filter((name) => names.includes(name));
}
