import { sizedClass, type PipelineStatus, type SizedClass, type SizedTry } from "@plimsoll/api";
import { milliOf, valueOf } from "@plimsoll/model";
import { stepSettings, type StepTry, type Use } from "@plimsoll/model/sizing";

/** So many tries of a class count, and are kept. */
export const mostTries = stepSettings.remembered;
/** So many classes of a step are kept; then those that weren't used longest go. */
const mostClasses = 20;
/** So many bytes of all together: with its spec, the Pipeline has to fit into etcd. */
const mostBytes = 256 * 1024;

type Remembered = SizedClass["tries"][number];

/** A fan-out asks for the same ones for each of its items. */
const reckoned = new WeakMap<Remembered, StepTry>();

interface Known {
  step: string;
  name: string | undefined;
  /** When the Pipeline was told of it last; undefined: never. */
  updatedAt: string | undefined;
  tries: Remembered[];
  /** Which of them are the run's own, by their pods. */
  own: Set<string>;
}

/** By what steps with resources.auto go. */
export interface Sizing {
  tries: KnownTries | undefined;
  /** What a pod was seen to use, by its UID. */
  use: (uid: string) => Use | undefined;
}

/** What a run knows of earlier tries of its steps: those that its Pipeline remembers, and its own. */
export class KnownTries {
  readonly #classes = new Map<string, Known>();
  /** How many classes of steps could not be read. */
  readonly unread: number = 0;

  /** `status`: what the Pipeline remembers. Anybody may have written it. */
  constructor(status?: PipelineStatus | null) {
    for (const [step, classes] of Object.entries(mapOf(status?.sizing)))
      for (const one of Array.isArray(classes) ? (classes as unknown[]) : [classes]) {
        const { data } = sizedClass.safeParse(one);
        if (data === undefined || !data.tries.every(isReadable)) this.unread += 1;
        else this.#of(step, data.class, { updatedAt: data.updatedAt, tries: data.tries.slice(-mostTries) });
      }
  }

  /** The tries of a class of a step, oldest first. */
  of(step: string, name: string | undefined): readonly StepTry[] {
    return (this.#classes.get(keyOf(step, name))?.tries ?? []).map((one) => {
      const known = reckoned.get(one) ?? stepTryOf(one);
      reckoned.set(one, known);
      return known;
    });
  }

  /** Takes in a try, by default of the run's own, unless it is known. */
  learn(step: string, { pod, size, memory, peak, used, killed, class: name }: SizedTry, isOwn = true): void {
    const known = this.#of(step, name);
    if (!isReadable({ pod, memory, peak, used }) || known.tries.some((one) => one.pod === pod)) return;
    known.tries.push({
      pod,
      ...(size !== undefined && { size }),
      memory,
      ...(peak !== undefined && { peak }),
      ...(used !== undefined && { used }),
      ...(killed && { killed }),
    });
    if (isOwn) known.own.add(pod);
    if (known.tries.length > mostTries) known.own.delete(known.tries.shift()?.pod ?? "");
  }

  /** Takes in what the entries of a run's status tell of its own tries, by step. */
  learnAll(entries: Readonly<Record<string, { sizing?: readonly SizedTry[] | undefined }>> = {}): void {
    for (const [step, { sizing = [] }] of Object.entries(entries)) for (const tried of sizing) this.learn(step, tried);
  }

  /** Takes in what another knows by its own run, by default as if it were this one's. */
  learnFrom(other: KnownTries, isOwn = true): void {
    for (const { step, name, tries, own } of other.#classes.values())
      for (const one of tries) if (own.has(one.pod)) this.learn(step, { ...one, class: name, try: 1, basis: "Nothing" }, isOwn);
  }

  /** Whether there are any of the run's own. */
  get hasOwn(): boolean {
    return [...this.#classes.values()].some(({ own }) => own.size > 0);
  }

  /** What the Pipeline is to remember, of those of its steps that still are there. */
  status(steps: ReadonlySet<string>, now: number): PipelineStatus {
    const at = new Date(now).toISOString();
    const newest = [...this.#classes.values()]
      .filter(({ step, tries }) => steps.has(step) && tries.length > 0)
      .map(({ step, name, updatedAt = at, tries, own }) => ({ step, name, updatedAt: own.size > 0 ? at : updatedAt, tries }))
      .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0));
    const sizing: Record<string, SizedClass[]> = {};
    let bytes = 0;
    for (const { step, name, ...rest } of newest) {
      const one = { ...(name !== undefined && { class: name }), ...rest };
      bytes += JSON.stringify([step, one]).length;
      if (bytes > mostBytes) break;
      const classes = (sizing[step] ??= []);
      if (classes.length < mostClasses) classes.push(one);
    }
    return { sizing };
  }

  #of(step: string, name: string | undefined, more: Pick<Known, "updatedAt" | "tries"> = { updatedAt: undefined, tries: [] }): Known {
    const key = keyOf(step, name);
    const known = this.#classes.get(key) ?? { step, name, ...more, own: new Set<string>() };
    this.#classes.set(key, known);
    return known;
  }
}

function keyOf(step: string, name: string | undefined): string {
  return JSON.stringify([step, name ?? null]);
}

function mapOf(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** Whether all its amounts could be: what is no quantity, or less than nothing, was never written here. */
function isReadable(one: Remembered): boolean {
  try {
    const { memory, limit, cpu = 0 } = stepTryOf(one);
    return limit > 0 && cpu >= 0 && (memory ?? 0) >= 0;
  } catch {
    return false;
  }
}

/** A try as sizes are reckoned by. Throws a RangeError where an amount is no quantity. */
export function stepTryOf({ size, memory, peak, used, killed = false }: Remembered): StepTry {
  return {
    ...(size !== undefined && { size }),
    limit: valueOf(memory),
    ...(peak !== undefined && { memory: valueOf(peak) }),
    ...(used !== undefined && { cpu: milliOf(used) }),
    wasKilled: killed,
  };
}
