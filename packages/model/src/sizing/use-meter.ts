/** What a pod was seen to use. */
export interface Use {
  /** On average, in thousandths of a core. */
  cpu: number;
  /** At most, in bytes. */
  memory: number;
}

interface Metered extends Use {
  samples: number;
  /** When it was seen last. */
  at: number;
}

/** What pods of batch steps were seen to use, by their UIDs: who samples notes it, who runs the steps reads it. */
export class UseMeter {
  readonly #pods = new Map<string, Metered>();

  /** A sample of a pod, by its time in milliseconds since 1970; what isn't newer than the last doesn't count. Whether it did. */
  sample(uid: string, { at, cpu, memory }: Use & { at: number }): boolean {
    const known = this.#pods.get(uid) ?? { cpu: 0, memory: 0, samples: 0, at: -Infinity };
    if (at <= known.at) return false;
    const samples = known.samples + 1;
    this.#pods.set(uid, { at, samples, cpu: known.cpu + (cpu - known.cpu) / samples, memory: Math.max(known.memory, memory) });
    return true;
  }

  /** Undefined: it was never seen. */
  of(uid: string): Use | undefined {
    const known = this.#pods.get(uid);
    return known && { cpu: known.cpu, memory: known.memory };
  }

  /** Forgets what isn't there any more and was seen last before a time. */
  forget(before: number, isThere: (uid: string) => boolean): void {
    for (const [uid, { at }] of this.#pods) if (at < before && !isThere(uid)) this.#pods.delete(uid);
  }
}
