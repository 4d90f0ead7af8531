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

/** Of days of history, so many tell whether use is steady. */
const steadyAfter = 3;

/**
 * What comes of a distribution, `percentile` of which gives undefined where nothing was seen. `wasKilled`: for want of it, of late, and so nothing is
 * steady.
 */
export function rangeOf(
  percentile: (part: number) => number | undefined,
  settings: ResourceSettings,
  days: number,
  wasKilled = false,
): Range | undefined {
  const { percentile: parts } = settings;
  const [target, lower, upper] = [percentile(parts.target), percentile(parts.lower), percentile(parts.upper)];
  if (target === undefined || lower === undefined || upper === undefined) return undefined;
  const spread = days < steadyAfter || wasKilled ? Infinity : target / lower - 1;
  const amountOf = (base: number, factor: number): number => {
    const whole = Math.floor(base);
    const most = Math.floor(whole * settings.margin) + settings.headroom;
    const margin = Math.min(most, Math.floor(whole * Math.max(settings.steadyMargin, spread)));
    return Math.max(settings.floor, Math.floor((whole + margin) * factor));
  };
  const sure = Math.max(days, minute / day);
  return { target: amountOf(target, 1), lower: amountOf(lower, (1 + 0.001 / sure) ** -2), upper: amountOf(upper, 1 + 1 / sure) };
}

/** Above so many times the target of what is followed, it is too much. */
const tooMuch = 1.25;

/** No more than what is enough for the next span, and the margin of what is steady. */
export function followed(range: Range, enough: number, { floor, steadyMargin }: ResourceSettings): Range {
  const target = Math.max(floor, Math.ceil(enough * (1 + steadyMargin)));
  if (target >= range.target) return range;
  return {
    target,
    lower: Math.min(target, Math.max(floor, Math.ceil(enough))),
    upper: Math.max(target, Math.min(range.upper, Math.ceil(target * tooMuch))),
  };
}
