import * as z from "zod";
import { nextTry, type StepTry } from "./batch.ts";
import type { Estimate } from "./estimate.ts";
import type { Usage } from "./sample.ts";
import type { SizingSettings } from "./settings.ts";

/** So many last ones count, and are written. */
const remembered = 50;
/** From so many measured ones on there is nothing more to be sure of: each is 5 % of that. */
const enough = 20;

/** One that isn't over: of a pod, or since its container was started again. */
interface Open extends StepTry {
  samples: number;
}

const amount = z.number().nonnegative();
const tryText = z.tuple([amount.nullable(), amount.nullable(), amount, z.boolean()]);

/** What is written of tries: memory, CPU, limit, whether it was killed. */
export const triesSchema = z.object({
  over: z.array(tryText).max(remembered),
  /** By the pods' UIDs, with the count of samples. */
  open: z.array(z.tuple([z.string(), tryText, z.int().nonnegative()])).max(remembered),
});

type Written = z.input<typeof triesSchema>;

/** How the last pods of a workload went that are made to come to an end: of one container. CPU in thousandths of a core, memory in bytes. */
export class Tries {
  readonly #over: StepTry[];
  readonly #open: Map<string, Open>;
  /** The UIDs of pods that a try was of which is over: what is still told of one that has ended is of that. */
  readonly #known = new Set<string>();

  constructor({ over, open }: Written = { over: [], open: [] }) {
    this.#over = over.map(read);
    this.#open = new Map(open.map(([uid, one, samples]) => [uid, { ...read(one), samples }]));
  }

  /** What a pod used; `limit`: how much memory it may use, 0 where nothing says so. */
  sample({ uid, isOver }: { uid: string; isOver: boolean }, { cpu, memory }: Usage, limit: number): void {
    if (isOver && this.#known.has(uid)) return;
    const { samples, ...known } = this.#open.get(uid) ?? { samples: 0, limit, wasKilled: false };
    const mean = known.cpu ?? 0;
    this.#open.set(uid, {
      ...known,
      limit,
      memory: Math.max(known.memory ?? 0, memory),
      cpu: mean + (cpu - mean) / (samples + 1),
      samples: samples + 1,
    });
  }

  /** Its container was killed for want of memory. It may be started again. */
  kill(uid: string, limit: number): void {
    const { samples: _, ...known } = this.#open.get(uid) ?? { samples: 0, limit };
    this.#add(uid, { ...known, limit, wasKilled: true });
  }

  /** Those that don't run any more are over. */
  end(isRunning: (uid: string) => boolean): void {
    for (const [uid, { samples: _, ...known }] of this.#open) {
      if (isRunning(uid)) continue;
      this.#add(uid, known);
    }
  }

  /** What the next one should ask for; undefined: none was measured, nor killed. What still runs counts for what it has used so far. */
  estimate({ cpu, memory }: Pick<SizingSettings, "cpu" | "memory">): Pick<Estimate, "cpu" | "memory" | "confidence"> | undefined {
    const tries = [...this.#over, ...this.#open.values()];
    if (tries.length === 0) return undefined;
    const bounds = { cpu: { min: cpu.floor, max: cpu.most }, memory: { min: memory.floor, max: memory.most } };
    const advice = nextTry(tries, bounds);
    const peaks = tries.map((one) => (one.wasKilled ? Math.max(one.limit, one.memory ?? 0) : (one.memory ?? 0)));
    const most = Math.max(bounds.memory.min, ...peaks);
    const measured = tries.filter((one) => one.memory !== undefined).length;
    return {
      memory: { target: advice.memory, lower: Math.min(most, advice.memory), upper: Math.max(advice.memory, 2 * most) },
      ...(advice.cpu !== undefined && { cpu: { target: advice.cpu, lower: advice.cpu, upper: advice.cpu } }),
      confidence: Math.min(100, Math.floor((measured * 100) / enough)),
    };
  }

  /** What the constructor reads. */
  write(): Written {
    return {
      over: this.#over.map(text),
      open: [...this.#open].slice(-remembered).map(([uid, { samples, ...known }]) => [uid, text(known), samples]),
    };
  }

  #add(uid: string, one: StepTry): void {
    this.#open.delete(uid);
    this.#over.push(one);
    if (this.#over.length > remembered) this.#over.shift();
    this.#known.delete(uid);
    this.#known.add(uid);
    const [oldest] = this.#known;
    if (this.#known.size > 10 * remembered && oldest !== undefined) this.#known.delete(oldest);
  }
}

function read([memory, cpu, limit, wasKilled]: z.infer<typeof tryText>): StepTry {
  return { limit, wasKilled, ...(memory !== null && { memory }), ...(cpu !== null && { cpu }) };
}

function text({ memory, cpu, limit, wasKilled }: StepTry): z.infer<typeof tryText> {
  return [memory === undefined ? null : Math.round(memory), cpu === undefined ? null : Math.round(cpu * 10) / 10, limit, wasKilled];
}
