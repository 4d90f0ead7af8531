const minute = 60_000;
const day = 24 * 60 * minute;
const mebi = 1024 ** 2;

/** How one resource is estimated. CPU is in thousandths of a core, memory in bytes, times in milliseconds, parts from 0 to 1. */
export interface ResourceSettings {
  /** After so long, what was seen counts half. */
  halfLife: number;
  /** The width of the first bucket: less is not told apart. */
  firstBucket: number;
  /** What is more counts as that. */
  most: number;
  /** What part of what was seen an amount has to be enough for: to be the target, surely too little below it, surely too much above it. */
  percentile: { target: number; lower: number; upper: number };
  /** What is put on top of it, as a part of it. */
  margin: number;
  /** What is put on top at least, where use has been steady: as much as what it is enough for is above the lower percentile, but no more than `margin`. */
  steadyMargin: number;
  /** What is put on top beside that, whatever the amount: a little is soon too little, and costs little. */
  headroom: number;
  /** No estimate is less. */
  floor: number;
}

/** How use becomes requests. */
export interface SizingSettings {
  cpu: ResourceSettings;
  memory: ResourceSettings;
  /** By how much each bucket is wider than the one before, as a part of it. */
  growth: number;
  /** Of memory, what counts is the most of each such span, and so many of them are all the history that there can be. */
  window: number;
  windows: number;
  /** A container that was killed for want of memory needs the larger of `ratio` times what it had, and of `atLeast` bytes more. */
  oom: { ratio: number; atLeast: number };
  /**
   * Where given, no more memory is the target than what is enough, in such a part (0 to 1) of all cases, for the next span by what is used now, and
   * `steadyMargin`: it goes up and down with use, for who changes requests in place. Not while a kill is in the running window.
   */
  follow?: { span: number; percentile: number };
  /** A use of more than so many times what was seen before, and of more than `above`, is believed when the next sample says so, too. */
  jump: { ratio: number; above: { cpu: number; memory: number } };
  /** By how much the clock of a node may be ahead. */
  leeway: number;
}

/** What VerticalPodAutoscaler 1.8 estimates by as it is shipped; its floors, which are a pod's there, hold for each container. */
export const vpaSettings: SizingSettings = {
  cpu: {
    halfLife: day,
    firstBucket: 10,
    most: 1_000_000,
    percentile: { target: 0.9, lower: 0.5, upper: 0.95 },
    margin: 0.15,
    steadyMargin: 0.15,
    headroom: 0,
    floor: 25,
  },
  memory: {
    halfLife: day,
    firstBucket: 1e7,
    most: 1e12,
    percentile: { target: 0.9, lower: 0.5, upper: 0.95 },
    margin: 0.15,
    steadyMargin: 0.15,
    headroom: 0,
    floor: 250 * mebi,
  },
  growth: 0.05,
  window: day,
  windows: 8,
  oom: { ratio: 1.2, atLeast: 100 * mebi },
  jump: { ratio: 10, above: { cpu: 1_000, memory: 256 * mebi } },
  leeway: minute,
};

const hour = 60 * minute;

/**
 * What takes less, for who changes requests in place: CPU for 85 % of the time, and of memory what is enough by how it rises from hour to hour; where
 * it rises by leaps, or after a kill, more than VerticalPodAutoscaler's. What that saves, and what it costs, is measured in bench/rightsizing.
 */
export const closeSettings: SizingSettings = {
  ...vpaSettings,
  cpu: { ...vpaSettings.cpu, percentile: { target: 0.85, lower: 0.5, upper: 0.95 }, margin: 0.08, steadyMargin: 0.08, floor: 10 },
  memory: { ...vpaSettings.memory, halfLife: 2 * day, margin: 0.03, steadyMargin: 0.05, headroom: 144 * mebi, floor: 32 * mebi },
  follow: { span: hour, percentile: 0.999 },
};
