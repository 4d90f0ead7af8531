import { isNotFound } from "@plimsoll/kube";
import type { PodView } from "@plimsoll/model";
import type { DrainingRuntime } from "../permissions.ts";

/** How long what was read of a Job is believed; milliseconds. */
const fresh = 60_000;

/** When the time limits of Jobs end their pods. A Job is read when one of its pods is on a node that is drained. */
export class JobTimes {
  readonly #runtime: Pick<DrainingRuntime, "client" | "clock" | "signal" | "retried">;
  readonly #known = new Map<string, { at: number; deadline: number | undefined }>();
  readonly #onRead: () => void;
  /** What is being read of Jobs that nothing was known of. */
  readonly #reading: Promise<void>[] = [];

  constructor(runtime: Pick<DrainingRuntime, "client" | "clock" | "signal" | "retried">, onRead: () => void) {
    this.#runtime = runtime;
    this.#onRead = onRead;
  }

  /** Milliseconds since 1970; undefined: never, or not known yet. */
  deadlineOf({ namespace, owner }: PodView): number | undefined {
    if (owner?.kind !== "Job" || !owner.apiVersion.startsWith("batch/")) return undefined;
    const { clock } = this.#runtime;
    const known = this.#known.get(owner.uid);
    if (known === undefined || clock.now() - known.at > fresh) {
      // So that it is read once, however often it is asked for meanwhile.
      this.#known.set(owner.uid, { at: clock.now(), deadline: known?.deadline });
      const done = this.#read(namespace, owner);
      if (known === undefined) this.#reading.push(done);
    }
    return known?.deadline;
  }

  /** Waits for what is being read of Jobs that nothing was known of; gives whether there was any. */
  async read(): Promise<boolean> {
    const reading = this.#reading.splice(0);
    await Promise.all(reading);
    return reading.length > 0;
  }

  /** Forgets what no Drain asks for any more. */
  clear(): void {
    this.#known.clear();
  }

  async #read(namespace: string, { name, uid }: NonNullable<PodView["owner"]>): Promise<void> {
    const { client, clock, signal, retried } = this.#runtime;
    try {
      const { metadata, spec, status } = await client("jobs.batch").get({ namespace, name }, { signal });
      if (metadata.uid !== uid || spec?.activeDeadlineSeconds === undefined || status?.startTime === undefined) return;
      this.#known.set(uid, { at: clock.now(), deadline: Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1_000 });
      this.#onRead();
    } catch (error) {
      if (!signal.aborted && !isNotFound(error)) retried(`reading the Job ${namespace}/${name}`, error);
    }
  }
}
