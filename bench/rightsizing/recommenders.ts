import { Sizing, UsageHistory, type SizingSettings } from "@plimsoll/model/sizing";
import type { VpaLibrary } from "../../tests/support/vpa-library.ts";

/** What is recommended, and what is surely too little and too much. CPU in thousandths of a core, memory in bytes. */
export interface Advice {
  cpu: { target: number; lower: number; upper: number };
  memory: { target: number; lower: number; upper: number };
}

/** One that is told what containers use, and says what they should ask for. */
export interface Recommender {
  sample(container: string, at: number, cpu: number, memory: number): void;
  oom(container: string, at: number, had: number): void;
  /** Undefined: nothing yet. */
  advise(containers: readonly string[], now: number): Promise<(Advice | undefined)[]>;
}

/** This project's, by such settings. */
export function ours(settings: SizingSettings): Recommender {
  const sizing = new Sizing(settings);
  const histories = new Map<string, UsageHistory>();
  const of = (container: string): UsageHistory => histories.getOrInsertComputed(container, () => new UsageHistory(sizing));
  return {
    sample: (container, at, cpu, memory) => void of(container).sample("pod", at, { cpu, memory }, at),
    oom: (container, at, had) => void of(container).oom("pod", at, had, at),
    advise: (containers) =>
      Promise.resolve(
        containers.map((container) => {
          const { cpu, memory } = of(container).estimate();
          return cpu && memory && { cpu, memory };
        }),
      ),
  };
}

/** VerticalPodAutoscaler's, by its own library. `run` tells its containers apart from those of another run. */
export function vpa(library: VpaLibrary, run: string): Recommender {
  const seen = new Set<string>();
  return {
    sample: (container, at, cpu, memory) => {
      seen.add(container);
      library.sample(`${run}/${container}`, "pod", at, cpu, memory);
    },
    oom: (container, at, had) => library.oom(`${run}/${container}`, "pod", at, had),
    advise: async (containers) => {
      const known = containers.filter((container) => seen.has(container));
      const advices = await library.estimates(known.map((container) => `${run}/${container}`));
      const byName = new Map(known.map((container, index) => [container, advices[index]]));
      return containers.map((container) => byName.get(container));
    },
  };
}
