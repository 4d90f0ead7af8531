import * as z from "zod";
import type { Known, Use } from "../decide/recommend.ts";
import { DecayingHistogram, type Buckets } from "./histogram.ts";

/** By what is estimated. Times in milliseconds, parts from 0 to 1. */
export interface HistoryOptions {
  halfLife: number;
  /** Of memory, what counts is the most of each such span. */
  memoryWindow: number;
  cpuPercentile: number;
  memoryPercentile: number;
  /** What is put on top. */
  margin: number;
}

const cpuBuckets: Buckets = { first: 0.01, ratio: 1.05, most: 1_000 };
const memoryBuckets: Buckets = { first: 10e6, ratio: 1.05, most: 1e12 };
const day = 24 * 60 * 60_000;
/** What of CPU and memory is surely too little, and surely too much, with all the history that there can be. */
const [tooLittle, tooMuch] = [0.5, 0.95];
/** Days of history with which one is as sure as can be. */
const wholeHistory = 8;
/** By how much more a container needs that was killed for want of memory: by VerticalPodAutoscaler's published figures. */
const afterKill = (bytes: number): number => Math.max(bytes + 100 * 1024 ** 2, bytes * 1.2);

const histogram = z.object({ at: z.number(), weights: z.array(z.tuple([z.int().nonnegative(), z.number().positive()])).max(1_000) });
const written = z.object({
  cpu: histogram.optional(),
  memory: histogram.optional(),
  window: z.object({ begun: z.number(), peak: z.number().nonnegative() }).optional(),
});

/** What is known of a container's use, and what comes of it. */
export class History {
  readonly #options: HistoryOptions;
  readonly #cpu: DecayingHistogram;
  /** The peaks of the windows that are over. */
  readonly #memory: DecayingHistogram;
  /** The one that isn't. */
  #window: { begun: number; peak: number } | undefined;

  constructor(options: HistoryOptions, before: z.output<typeof written> = {}) {
    this.#options = options;
    this.#cpu = new DecayingHistogram(cpuBuckets, options.halfLife, before.cpu);
    this.#memory = new DecayingHistogram(memoryBuckets, options.halfLife, before.memory);
    this.#window = before.window;
  }

  /** What `write` has given; undefined: it isn't that. */
  static read(data: unknown, options: HistoryOptions): History | undefined {
    const { data: before } = written.safeParse(data);
    return before && new History(options, before);
  }

  /** Cores and bytes that were used at a time. */
  sample(at: number, { cpu, memory }: { cpu: number; memory: number }): void {
    this.#cpu.add(cpu, at);
    this.#peak(at, memory);
  }

  /** It was killed for want of memory with so many bytes, or with what it has used at most. */
  kill(at: number, bytes: number): void {
    const window = this.#windowAt(at);
    this.#peak(at, afterKill(Math.max(bytes, window.peak)));
  }

  /** What to ask for by it; `since` is when it was first seen, `samples` how often. */
  known(now: number, since: number | undefined, samples: number): Known {
    // A sample a minute is as much as there can be.
    const days = since === undefined ? 0 : Math.min((now - since) / day, samples / (24 * 60));
    const confidence = Math.floor(Math.min(1, Math.max(0, days) / wholeHistory) * 100);
    const { cpuPercentile, memoryPercentile, margin } = this.#options;
    const use = (cpu: number, memory: number, factor: number): Use => {
      const [cores, bytes] = [this.#cpu.percentile(cpu), this.#memoryPercentile(memory)];
      return {
        ...(cores !== undefined && { cpu: cores * factor }),
        ...(bytes !== undefined && { memory: bytes * factor }),
      };
    };
    const target = use(cpuPercentile, memoryPercentile, 1 + margin);
    if (target.cpu === undefined && target.memory === undefined) return { samples, confidence, estimate: undefined };
    // With less history than a day, what is surely too little is less still, and what is surely too much more.
    const sure = Math.max(days, 1 / (24 * 60));
    return {
      samples,
      confidence,
      estimate: {
        target,
        lower: use(tooLittle, tooLittle, (1 + margin) * (1 + 0.001 / sure) ** -2),
        upper: use(tooMuch, tooMuch, (1 + margin) * (1 + 1 / sure)),
      },
    };
  }

  write(): object {
    return { cpu: this.#cpu.write(), memory: this.#memory.write(), window: this.#window };
  }

  #peak(at: number, bytes: number): void {
    const window = this.#windowAt(at);
    window.peak = Math.max(window.peak, bytes);
  }

  /** The window that is open at a time. What comes late counts for it, too. */
  #windowAt(at: number): { begun: number; peak: number } {
    const window = this.#window;
    if (window !== undefined && at < window.begun + this.#options.memoryWindow) return window;
    if (window !== undefined) this.#memory.add(window.peak, window.begun);
    return (this.#window = { begun: at, peak: 0 });
  }

  #memoryPercentile(part: number): number | undefined {
    const window = this.#window;
    if (window === undefined) return undefined;
    this.#memory.add(window.peak, window.begun);
    const bytes = this.#memory.percentile(part);
    this.#memory.add(window.peak, window.begun, -1);
    return bytes;
  }
}
