import type { RightSizingStatus } from "@plimsoll/api";
import { keyOf, type SizedPod, type Sizing, type Workload } from "@plimsoll/model/sizing";
import { keptOf, type Sized } from "../decide/status.ts";
import { ContainerRecord } from "./record.ts";
import type { StoredPolicy } from "./policy.ts";

/** So many bytes of checkpoints: with all else that a policy has, they have to fit into etcd, which takes 1.5 MiB at once. */
const mostBytes = 768 * 1024;

type Checkpoints = NonNullable<RightSizingStatus["checkpoints"]>;

/** What is known of the containers of one policy's pods. */
export class Ledger {
  readonly #sizing: Sizing;
  readonly #records = new Map<string, ContainerRecord>();
  /** The version of the policy whose checkpoints were looked at last. */
  #seen: string | undefined;

  constructor(sizing: Sizing) {
    this.#sizing = sizing;
  }

  /** Takes over what its status says, where that is more than what is known here: another process has written it. Gives how much can't be read. */
  adopt({ metadata, status }: Pick<StoredPolicy, "metadata" | "status">, now: number): number {
    if (this.#seen === metadata.resourceVersion) return 0;
    this.#seen = metadata.resourceVersion;
    let unread = 0;
    for (const { key, state } of status?.checkpoints ?? []) {
      const read = ContainerRecord.read(metadata.namespace ?? "", state, this.#sizing, now);
      if (read?.key !== key) {
        unread += 1;
        continue;
      }
      const own = this.#records.get(key);
      if (own === undefined || own.isBehind(read)) this.#records.set(key, read);
    }
    return unread;
  }

  /** What is known here was written, and the policy has this version since. */
  wrote(version: string): void {
    this.#seen = version;
  }

  /** Begins a round: which pods there are is said anew. */
  begin(): void {
    for (const record of this.#records.values()) record.begin();
  }

  /** The record of a workload's container, which is made where there is none. */
  of(workload: Workload, container: string): ContainerRecord {
    const key = keyOf(workload, container);
    const known = this.#records.get(key) ?? new ContainerRecord(workload, container, this.#sizing);
    this.#records.set(key, known);
    return known;
  }

  /** A pod that there is. */
  count(workload: Workload, pod: SizedPod, isIgnored: (container: string) => boolean): void {
    for (const container of pod.shape.containers) if (!isIgnored(container.name)) this.of(workload, container.name).count(pod, container);
  }

  /** Ends a round, in which all was told. */
  end(): void {
    for (const record of this.#records.values()) record.end();
  }

  /** Forgets what has no pods, and was not seen for so long, or has no place in a status. */
  forget(now: number, after: number): void {
    const kept = new Set(keptOf([...this.#records.values()]).map(({ key }) => key));
    for (const [key, record] of this.#records)
      if (record.isForgotten(now, after) || (record.isIdle && !kept.has(key))) this.#records.delete(key);
  }

  /** Forgets what its policy doesn't choose any more: what has no pods of its own, though by `isElsewhere` there are some, or is ignored now. */
  release(isElsewhere: (key: string) => boolean, isIgnored: (container: string, workload: Workload) => boolean): void {
    for (const [key, { isIdle, container, workload }] of this.#records)
      if (isIdle && (isElsewhere(key) || isIgnored(container, workload))) this.#records.delete(key);
  }

  /** All that is known. */
  sized(): Sized[] {
    return [...this.#records.values()].map((record) => record.sized());
  }

  /** What those of these keys are made of, as far as there is room for it, in their order; `unkept`: for how many there is none. */
  checkpoints(keys: readonly string[]): { checkpoints: Checkpoints; unkept: number } {
    const checkpoints: Checkpoints = [];
    let [bytes, unkept] = [0, 0];
    for (const key of keys) {
      const state = this.#records.get(key)?.write();
      if (state === undefined) continue;
      const length = JSON.stringify({ key, state }).length;
      if (bytes + length > mostBytes) unkept += 1;
      else {
        bytes += length;
        checkpoints.push({ key, state });
      }
    }
    return { checkpoints, unkept };
  }
}
