import type { ResourceSettings } from "./settings.ts";

/** What to ask for, in whole thousandths of a core, or bytes: less than `lower` is too little, more than `upper` too much, as sure as that is by now. */
export interface Range {
  target: number;
  lower: number;
  upper: number;
}

/** What is known of a container's use, and what comes of it. */
export interface Estimate {
  /** Undefined: its CPU was never seen. */
  cpu?: Range;
  /** Undefined: neither was its memory seen, nor that it was killed for want of it. */
  memory?: Range;
  /** Why there is neither; undefined where there is one. */
  none?: "NoSamples";
  /** In whole percent: how much of the history there is that an estimate takes at its best. */
  confidence: number;
  /** How often its use was taken in, by all instances together. */
  samples: number;
  /** When its use was seen first and last, in milliseconds since 1970. */
  since?: number;
  seenAt?: number;
  /** How often it was killed for want of memory, and when last. */
  ooms: number;
  oomAt?: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * Days of history: how far the samples reach, and no more than as many as a sample a minute would take. This, and how it widens the bounds, is
 * VerticalPodAutoscaler's rule; there, a history of no length has bounds of no sense, here it counts as one minute.
 */
export function daysOf({ samples, since, seenAt }: { samples: number; since?: number | undefined; seenAt?: number | undefined }): number {
  if (since === undefined || seenAt === undefined) return 0;
  return Math.min((seenAt - since) / day, samples / (24 * 60));
}

/** What comes of a distribution, `percentile` of which gives undefined where nothing was seen. */
export function rangeOf(percentile: (part: number) => number | undefined, settings: ResourceSettings, days: number): Range | undefined {
  const sure = Math.max(days, minute / day);
  const amountOf = (part: number, factor: number): number | undefined => {
    const base = percentile(part);
    if (base === undefined) return undefined;
    const whole = Math.floor(base);
    return Math.max(settings.floor, Math.floor((whole + Math.floor(whole * settings.margin)) * factor));
  };
  const { percentile: parts } = settings;
  const target = amountOf(parts.target, 1);
  const lower = amountOf(parts.lower, (1 + 0.001 / sure) ** -2);
  const upper = amountOf(parts.upper, 1 + 1 / sure);
  return target === undefined || lower === undefined || upper === undefined ? undefined : { target, lower, upper };
}
