/** How one try of a batch step went. CPU in thousandths of a core, memory in bytes. */
export interface StepTry {
  /** The most memory that was seen; undefined: it was over before anything was measured. */
  memory?: number;
  /** What CPU it used on average, where that was measured. */
  cpu?: number;
  /** The memory limit that it ran with. */
  limit: number;
  /** Whether it was killed for want of memory. */
  wasKilled: boolean;
  /** How much work it was, as rows: what its memory may depend on. */
  size?: number;
}

/** Between what a step's requests have to be. */
export interface StepBounds {
  cpu: { min: number; max: number };
  memory: { min: number; max: number };
}

/** What the next try of a step asks for. Its memory limit is the request: what it may use is there for it. CPU is not limited. */
export interface StepAdvice {
  memory: number;
  /** Undefined: its CPU was never measured. */
  cpu?: number;
  /** What it goes by: measured peaks; limits with which it was killed or not, as it is over before it can be measured; or nothing yet: the upper bound. */
  basis: "Measured" | "Limits" | "Nothing";
}

/** How the next try of a step is reckoned. */
export interface StepSettings {
  /** What part of steps may be killed. */
  risk: number;
  /** More than so many times the most that was seen is never asked for, as long as few runs are known. */
  mostRatio: number;
  /** Memory is measured now and then, and so its peak is a little more than what was seen. */
  unseen: number;
  /** By how much more a step is tried again that was killed. */
  retryRatio: number;
  /** How often less is tried of what is over before it can be measured. */
  halvings: number;
  cpu: { percentile: number; margin: number };
  /** Of so many last tries it goes. */
  remembered: number;
}

/** The defaults, by which `npm run bench -- rightsizing` measures. */
export const stepSettings: StepSettings = {
  risk: 0.034,
  mostRatio: 2,
  unseen: 0.1,
  retryRatio: 2,
  halvings: 5,
  cpu: { percentile: 0.9, margin: 0.15 },
  remembered: 100,
};

/**
 * What the next try of a step should ask for by how its earlier ones went, oldest first, of all its runs and items of one class. `size` is how much
 * work the next is: where memory goes with it, that counts. The bound is the one that a further value of a lognormal distribution exceeds with the
 * probability `risk`, given those that were seen; and no less than what was seen in all but that part of them.
 */
export function nextTry(tries: readonly StepTry[], bounds: StepBounds, size?: number, settings: StepSettings = stepSettings): StepAdvice {
  const last = tries.slice(-settings.remembered);
  const cpus = last.flatMap(({ cpu }) => (cpu === undefined ? [] : [cpu]));
  const cpu = cpus.length === 0 ? undefined : Math.ceil(rank(cpus, settings.cpu.percentile) * (1 + settings.cpu.margin));
  const rest = { ...(cpu !== undefined && { cpu: within(cpu, bounds.cpu) }) };
  const seen = last.flatMap((one) => {
    // Of one that was killed it is known that more is needed.
    const memory = one.wasKilled ? Math.max(one.memory ?? 0, one.limit) : one.memory;
    return memory === undefined ? [] : [{ memory: Math.max(1, memory), size: one.size }];
  });
  if (!last.some(({ memory, wasKilled }) => memory !== undefined && !wasKilled)) {
    if (last.length === 0) return { memory: bounds.memory.max, ...rest, basis: "Nothing" };
    // Half as much each time, until once it is too little; a few times only, or every step would once be killed.
    const killed = last.reduce((most, { wasKilled, limit, memory = 0 }) => (wasKilled ? Math.max(most, limit, memory) : most), 0);
    const least = last.reduce((less, { limit }) => Math.min(less, limit), Infinity);
    const ratio = last.length < settings.halvings ? settings.retryRatio : 1;
    const memory = killed > 0 ? killed * settings.retryRatio : least / ratio;
    return { memory: within(Math.ceil(memory), bounds.memory), ...rest, basis: "Limits" };
  }
  const fit = fitOf(seen, size);
  const ratios = seen.map((one) => Math.log(one.memory / fit(one.size)));
  const most = Math.max(...ratios);
  const bound = Math.min(Math.max(boundOf(ratios, settings.risk), rank(ratios, 1 - settings.risk)), most + Math.log(settings.mostRatio));
  return { memory: within(Math.ceil(fit(size) * Math.exp(bound) * (1 + settings.unseen)), bounds.memory), ...rest, basis: "Measured" };
}

/** With how much memory a step is tried again that was killed with this limit; undefined: it had all that it may have. */
export function afterKill(limit: number, bounds: StepBounds, settings: StepSettings = stepSettings): number | undefined {
  const more = within(Math.ceil(limit * settings.retryRatio), bounds.memory);
  return more > limit ? more : undefined;
}

/** What is seen by size: on a line, where there are enough of different sizes; else by its median. */
function fitOf(
  seen: readonly { memory: number; size: number | undefined }[],
  next: number | undefined,
): (size: number | undefined) => number {
  const median = rank(
    seen.map(({ memory }) => memory),
    0.5,
  );
  const points = seen.flatMap(({ memory, size }) => (size === undefined ? [] : [{ memory, size }]));
  if (next === undefined || points.length < 5 || points.length < seen.length) return () => median;
  const mean = (values: number[]): number => values.reduce((all, one) => all + one, 0) / values.length;
  const [sizes, memories] = [mean(points.map(({ size }) => size)), mean(points.map(({ memory }) => memory))];
  const spread = mean(points.map(({ size }) => (size - sizes) ** 2));
  const slope = spread === 0 ? 0 : mean(points.map(({ memory, size }) => (memory - memories) * (size - sizes))) / spread;
  if (!(slope > 0)) return () => median;
  // Nothing takes less than the least that was seen.
  const least = Math.min(...points.map(({ memory }) => memory));
  return (size = sizes) => Math.max(least, memories + slope * (size - sizes));
}

/** What a further value of a normal distribution exceeds with this probability, after these; Infinity of fewer than three. */
function boundOf(values: readonly number[], risk: number): number {
  const count = values.length;
  if (count < 3) return Infinity;
  const mean = values.reduce((all, one) => all + one, 0) / count;
  const deviation = Math.sqrt(values.reduce((all, one) => all + (one - mean) ** 2, 0) / (count - 1));
  return mean + studentOf(risk, count - 1) * deviation * Math.sqrt(1 + 1 / count);
}

/** What a value of Student's distribution exceeds with a probability below a half: Fisher's expansion, by the normal one's of Abramowitz and Stegun (26.2.23, 26.7.5). */
function studentOf(risk: number, freedom: number): number {
  const root = Math.sqrt(-2 * Math.log(risk));
  const z =
    root - (2.515517 + 0.802853 * root + 0.010328 * root ** 2) / (1 + 1.432788 * root + 0.189269 * root ** 2 + 0.001308 * root ** 3);
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}

/** The value that this part (0 to 1) of them doesn't exceed, by nearest rank. */
function rank(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(part * values.length - 1e-9) - 1)] ?? NaN;
}

function within(amount: number, { min, max }: { min: number; max: number }): number {
  return Math.min(max, Math.max(min, amount));
}
