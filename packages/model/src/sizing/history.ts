import { Buckets } from "./buckets.ts";
import { checkpointSchema, type Checkpoint, type ReadCheckpoint, type ReadHistogram } from "./checkpoint.ts";
import { daysOf, followed, rangeOf, type Estimate } from "./estimate.ts";
import { DecayingHistogram } from "./histogram.ts";
import { Rises } from "./rises.ts";
import { faultOf, type Rejection, type Usage } from "./sample.ts";
import type { SizingSettings } from "./settings.ts";

/** How much a history knows. Times are milliseconds since 1970. */
interface Extent {
  samples: number;
  /** Of the first and the last sample. */
  since: number | undefined;
  seenAt: number | undefined;
  /** How often its instances were killed for want of memory, and when last. */
  ooms: number;
  oomAt: number | undefined;
}

/** Settings, and what is made of them once for all histories. */
export class Sizing {
  readonly given: SizingSettings;
  readonly cpu: Buckets;
  readonly memory: Buckets;

  constructor(settings: SizingSettings) {
    this.given = settings;
    this.cpu = new Buckets(settings.cpu, settings.growth);
    this.memory = new Buckets(settings.memory, settings.growth);
  }
}

/** The span of which the most memory counts. */
interface Window {
  /** When it ends, in milliseconds since 1970. */
  end: number;
  /** Bytes that were used at most. */
  peak: number;
  /** Bytes that it needs since it was killed for want of memory; 0: it was not. */
  oomPeak: number;
}

/** What is known of one instance, as a pod. */
interface Instance {
  /** The time of the last sample that was looked at, and of the last kill. */
  at: number;
  oomAt: number;
}

/** What a sample of CPU counts in its histogram. */
const cpuWeight = 0.1;

/**
 * What is known of the use of one container of a workload, by all its instances (pods) together, and what to ask for by it. Pure: the clock is handed
 * in. All times are milliseconds since 1970, CPU is in thousandths of a core, memory in bytes.
 *
 *     const sizing = new Sizing(vpaSettings);
 *     const history = UsageHistory.read(JSON.parse(text), sizing, now) ?? new UsageHistory(sizing);
 *     const rejection = history.sample(pod.uid, at, { cpu: 250, memory: 3e8 }, now);
 *     history.oom(pod.uid, killedAt, limitOrRequest, now);
 *     const { cpu, memory, none, confidence } = history.estimate();
 *     JSON.stringify(history.write());
 */
export class UsageHistory {
  readonly #sizing: Sizing;
  readonly #cpu: DecayingHistogram;
  /** The peaks of the windows that are over. */
  readonly #memory: DecayingHistogram;
  /** The one that isn't. */
  #window: Window | undefined;
  /** Where memory is followed. */
  readonly #rises: Rises | undefined;
  readonly #instances = new Map<string, Instance>();
  /** A sample that is not believed yet, and whose it is. */
  #held: (Usage & { at: number; now: number; instance: string }) | undefined;
  /** What is not newer is known already: it was read. */
  #readUpTo = -Infinity;
  #oomsReadUpTo = -Infinity;
  #samples = 0;
  #since: number | undefined;
  #seenAt: number | undefined;
  #ooms = 0;
  #oomAt: number | undefined;

  constructor(sizing: Sizing, before?: ReadCheckpoint) {
    this.#sizing = sizing;
    const { cpu, memory } = sizing.given;
    this.#cpu = new DecayingHistogram(sizing.cpu, cpu.halfLife, before?.cpu);
    this.#memory = new DecayingHistogram(sizing.memory, memory.halfLife, before?.memory);
    const { follow } = sizing.given;
    this.#rises = follow && new Rises(sizing.given, follow.span, before?.rises);
    if (before === undefined) return;
    this.#window = before.window;
    this.#samples = before.samples;
    this.#since = before.since;
    this.#seenAt = before.seenAt;
    this.#ooms = before.ooms;
    this.#oomAt = before.oomAt;
    this.#readUpTo = before.seenAt ?? -Infinity;
    this.#oomsReadUpTo = before.oomAt ?? -Infinity;
  }

  /**
   * Reads what `write` has given; undefined: it isn't that, was written with other buckets or half-lives, or tells of times that are still to come at
   * `now`.
   */
  static read(data: unknown, sizing: Sizing, now: number): UsageHistory | undefined {
    const { data: before } = checkpointSchema.safeParse(data);
    if (before === undefined || before.scheme !== schemeOf(sizing) || isAhead(before, sizing, now)) return undefined;
    const fits = (written: ReadHistogram | undefined, { count }: { count: number }): boolean =>
      written === undefined || written.first + written.weights.length <= count;
    // The buckets of rises begin at a tenth: 48 more.
    if (!fits(before.rises?.rises, { count: sizing.memory.count + 48 })) return undefined;
    return fits(before.cpu, sizing.cpu) && fits(before.memory, sizing.memory) ? new UsageHistory(sizing, before) : undefined;
  }

  /** Takes in what an instance used up to `at`; gives why it didn't, and then nothing has changed. */
  sample(instance: string, at: number, usage: Partial<Usage> | undefined, now: number): Rejection | undefined {
    const { given: settings } = this.#sizing;
    const fault = faultOf(at, usage, now, settings);
    if (fault !== undefined) return fault;
    const { cpu = 0, memory = 0 } = usage ?? {};
    const known = this.#instanceOf(instance, now);
    if (at <= known.at) return "Stale";
    known.at = at;
    if (this.#isJump({ cpu, memory })) {
      const held = this.#held;
      // What was told at once may be one mistake.
      if (held?.now === now) return "Jump";
      this.#held = { instance, at, now, cpu, memory };
      const counts = held !== undefined && faultOf(held.at, held, now, settings) === undefined;
      if (!counts || this.#isJump({ cpu, memory }, held)) return "Jump";
      this.#take(held.at, held);
      this.#held = undefined;
    }
    // Of others that use little nothing follows: pods of a CronJob each begin with that.
    if (this.#held?.instance === instance) this.#held = undefined;
    this.#take(at, { cpu, memory });
    return undefined;
  }

  /**
   * An instance was killed for want of memory at a time; `had` is its limit, else its request, in bytes; 0: it had neither. Gives why that wasn't
   * taken in: `Stale` is a kill that is known already.
   */
  oom(instance: string, at: number, had: number, now: number): Rejection | undefined {
    const { given: settings } = this.#sizing;
    const fault = faultOf(at, { cpu: 0, memory: had }, now, settings);
    if (fault !== undefined) return fault;
    const known = this.#instanceOf(instance, now);
    if (at <= known.oomAt) return "Stale";
    known.oomAt = at;
    this.#ooms += 1;
    this.#oomAt = Math.max(this.#oomAt ?? at, at);
    const window = this.#windowAt(at);
    const used = Math.max(had, window.peak);
    const { ratio, atLeast } = settings.oom;
    window.oomPeak = Math.max(window.oomPeak, used + atLeast, used * ratio);
    this.#rises?.take(at, window.oomPeak);
    return undefined;
  }

  /** How much is known, and since and until when. */
  get extent(): Extent {
    return { samples: this.#samples, since: this.#since, seenAt: this.#seenAt, ooms: this.#ooms, oomAt: this.#oomAt };
  }

  /** What is known, and what to ask for by it. Without a sample and a kill, nothing. */
  estimate(): Estimate {
    const { given: settings } = this.#sizing;
    const { samples, since, seenAt, ooms, oomAt } = this.extent;
    const days = daysOf({ samples, since, seenAt });
    const cpu = rangeOf((part) => this.#cpu.percentile(part), settings.cpu, days);
    const window = this.#window;
    const open = window && { amount: Math.max(window.peak, window.oomPeak), weight: 1, at: window.end };
    const wasKilled = window !== undefined && window.oomPeak > 0;
    const range = rangeOf((part) => this.#memory.percentile(part, open), settings.memory, days, wasKilled);
    const enough = settings.follow && this.#rises?.enoughFor(settings.follow.percentile);
    const memory = range && enough !== undefined && !wasKilled ? followed(range, enough, settings.memory) : range;
    return {
      ...(cpu && { cpu }),
      ...(memory && { memory }),
      ...(cpu === undefined && memory === undefined && { none: "NoSamples" as const }),
      confidence: Math.floor(Math.min(1, (days * 86_400_000) / (settings.window * settings.windows)) * 100),
      samples,
      ...(since !== undefined && { since }),
      ...(seenAt !== undefined && { seenAt }),
      ooms,
      ...(oomAt !== undefined && { oomAt }),
    };
  }

  /** What `read` reads, to be written as JSON: all but which instance was seen last when. */
  write(): Checkpoint {
    return {
      version: 1,
      scheme: schemeOf(this.#sizing),
      cpu: this.#cpu.write(),
      memory: this.#memory.write(),
      window: this.#window && { ...this.#window },
      ...(this.#rises && { rises: this.#rises.write() }),
      ...this.extent,
    };
  }

  /** Takes in all that another of the same settings knows, which stays as it is: of two workloads that become one. */
  merge(other: UsageHistory): void {
    this.#cpu.merge(other.#cpu);
    this.#memory.merge(other.#memory);
    if (other.#rises !== undefined) this.#rises?.merge(other.#rises);
    const [one, ...more] = [this.#window, other.#window].filter((window) => window !== undefined).sort((a, b) => a.end - b.end);
    const later = more[0];
    if (one !== undefined && later === undefined) this.#window = { ...one };
    if (one !== undefined && later !== undefined) {
      const isOver = one.end <= later.end - this.#sizing.given.window;
      if (isOver) this.#close(one);
      this.#window = isOver
        ? { ...later }
        : { end: later.end, peak: Math.max(one.peak, later.peak), oomPeak: Math.max(one.oomPeak, later.oomPeak) };
    }
    this.#samples += other.#samples;
    this.#since = least(this.#since, other.#since);
    this.#seenAt = most(this.#seenAt, other.#seenAt);
    this.#ooms += other.#ooms;
    this.#oomAt = most(this.#oomAt, other.#oomAt);
  }

  #take(at: number, { cpu, memory }: Usage): void {
    this.#cpu.add(cpu, cpuWeight, at);
    const window = this.#windowAt(at);
    window.peak = Math.max(window.peak, memory);
    this.#rises?.take(at, memory);
    this.#samples += 1;
    this.#since = least(this.#since, at);
    this.#seenAt = most(this.#seenAt, at);
  }

  /** Whether that is so much more than what was ever seen before, or than another. */
  #isJump({ cpu, memory }: Usage, before: Partial<Usage> = this.#most()): boolean {
    const { ratio, above } = this.#sizing.given.jump;
    const isJump = (amount: number, most: number | undefined, least: number): boolean =>
      most !== undefined && amount > least && amount > most * ratio;
    return isJump(cpu, before.cpu, above.cpu) || isJump(memory, before.memory, above.memory);
  }

  #most(): Partial<Usage> {
    if (this.#window === undefined) return {};
    const memory = Math.max(this.#window.peak, this.#window.oomPeak, this.#memory.most ?? 0);
    return { ...(this.#cpu.most !== undefined && { cpu: this.#cpu.most }), ...(memory > 0 && { memory }) };
  }

  /** The window that is open at a time. What comes late counts for it, too. */
  #windowAt(at: number): Window {
    const { window: length } = this.#sizing.given;
    const window = this.#window;
    if (window !== undefined && at < window.end) return window;
    if (window === undefined) return (this.#window = { end: at + length, peak: 0, oomPeak: 0 });
    this.#close(window);
    const end = window.end + (Math.floor((at - window.end) / length) + 1) * length;
    // Of instances that are gone nothing more will come; but a failed pod stays, and tells of its kill again and again.
    const told = Math.max(this.#oomsReadUpTo, at - length * this.#sizing.given.windows);
    for (const [name, one] of this.#instances) if (one.at < window.end - length && one.oomAt <= told) this.#instances.delete(name);
    return (this.#window = { end, peak: 0, oomPeak: 0 });
  }

  #close({ end, peak, oomPeak }: Window): void {
    this.#memory.add(Math.max(peak, oomPeak), 1, end);
  }

  #instanceOf(name: string, now: number): Instance {
    const known = this.#instances.get(name);
    const latest = now + this.#sizing.given.leeway;
    // What was taken in while a clock was ahead must not keep out what comes after it was set right.
    if (known !== undefined && known.at <= latest && known.oomAt <= latest) return known;
    const fresh = {
      at: this.#readUpTo <= latest ? this.#readUpTo : -Infinity,
      oomAt: this.#oomsReadUpTo <= latest ? this.#oomsReadUpTo : -Infinity,
    };
    this.#instances.set(name, fresh);
    return fresh;
  }
}

/** Whether it tells of times that no history can have yet. Weights may be as of half a half-life later than what they are of. */
function isAhead({ cpu, memory, window, rises, since, seenAt, oomAt }: ReadCheckpoint, { given }: Sizing, now: number): boolean {
  const latest = now + given.leeway;
  const isAfter = (at: number | undefined, end: number): boolean => at !== undefined && at > end;
  return (
    [since, seenAt, oomAt, window?.end].some((at) => isAfter(at, latest + given.window)) ||
    isAfter(rises?.end, latest + (given.follow?.span ?? 0)) ||
    isAfter(cpu?.at, latest + given.cpu.halfLife) ||
    [memory?.at, rises?.rises?.at].some((at) => isAfter(at, latest + given.window + given.memory.halfLife))
  );
}

/** Weights by other buckets, or that decay otherwise, mean something else. */
function schemeOf({ given: { cpu, memory, growth, window } }: Sizing): string {
  return [growth, window, cpu.firstBucket, cpu.most, cpu.halfLife, memory.firstBucket, memory.most, memory.halfLife].join(" ");
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
