import { findCondition, type RightSizingStatus } from "@plimsoll/api";
import { isConflict, isNotFound, Latest, statusChange, versionOf } from "@plimsoll/kube";
import { titleOf as workloadTitle } from "@plimsoll/model/sizing";
import { crc32 } from "node:zlib";
import { Contest } from "../../contest.ts";
import { telling, toldContested, type About, type Tell } from "../../telling.ts";
import { withoutManagers } from "../../without-managers.ts";
import { essenceOf, isDue } from "../decide/due.ts";
import type { RightSizingRuntime } from "../permissions.ts";
import { toldInvalid, toldKilled, toldMetrics, toldRecommended, toldUnkept } from "../told.ts";
import type { StoredPolicy } from "./policy.ts";

/** Writes the statuses of policies, and tells what is new in them. */
export class Writer {
  readonly #runtime: Pick<RightSizingRuntime, "client" | "clock" | "events" | "retried">;
  readonly #latest = new Latest<StoredPolicy>(versionOf);
  /** By UID, when its status was last written, or first seen. By the clock that isn't set. */
  readonly #writtenAt = new Map<string, number>();
  readonly #interval: number;
  readonly #tell: Tell;
  readonly #contest: Contest;

  /** `interval`: how long what isn't urgent may wait, in milliseconds. */
  constructor(runtime: Pick<RightSizingRuntime, "client" | "clock" | "events" | "retried">, interval: number) {
    this.#runtime = runtime;
    this.#interval = interval;
    this.#contest = new Contest(runtime.clock);
    this.#tell = telling("RightSizingPolicy", (occurrence) => runtime.events.record(occurrence));
  }

  /** A policy as it was last written, where the watch is behind that. */
  latest(policy: StoredPolicy): StoredPolicy {
    return this.#latest.of(policy);
  }

  /** Writes a status where it is due, or `isLast`; `complete` gives it with its checkpoints. Gives the version that the policy has since, where it was written. */
  async write(
    policy: StoredPolicy,
    status: RightSizingStatus,
    complete: (status: RightSizingStatus) => RightSizingStatus,
    isLast = false,
  ): Promise<string | undefined> {
    const { client, clock, retried } = this.#runtime;
    const { namespace = "", name = "", uid, resourceVersion } = policy.metadata;
    const { left, isContested } = this.#contest.seen(uid, resourceVersion, () => essenceOf(policy.status, isOwn));
    if (isContested) this.#tell(policy, toldContested("Recommend"));
    if (left > 0) return undefined;
    const now = clock.monotonic();
    const since = this.#writtenAt.get(uid);
    if (since === undefined) this.#writtenAt.set(uid, now);
    if (!isLast && !isDue(policy.status, status, since !== undefined && this.#slotOf(uid, since) < this.#slotOf(uid, now)))
      return undefined;
    const { checkpoints, unkept, ...told } = complete(status);
    const whole: RightSizingStatus = {
      ...(JSON.parse(JSON.stringify(told)) as RightSizingStatus),
      ...(checkpoints && { checkpoints }),
      ...(unkept !== undefined && { unkept }),
    };
    const change = statusChange(policy.status, whole);
    if (change === undefined) return undefined;
    try {
      // Of another version, it is looked at again in the next round: another process may have written more than is known here.
      const body = { metadata: { uid, resourceVersion }, status: change };
      const written = await client("rightsizingpolicies.plimsoll.dev/status").patch({ namespace, name }, body);
      this.#latest.set(withoutManagers(written));
      this.#writtenAt.set(uid, now);
      this.#contest.wrote(uid, written.metadata.resourceVersion, essenceOf(written.status, isOwn));
      this.#news(policy, whole);
      return written.metadata.resourceVersion;
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) retried(`to write the status of the RightSizingPolicy ${namespace}/${name}`, error);
      return undefined;
    }
  }

  /** The time of each policy is another, so that they aren't all written in one round. */
  #slotOf(uid: string, at: number): number {
    return Math.floor((at + (crc32(uid) % this.#interval)) / this.#interval);
  }

  forget(uid: string): void {
    this.#latest.forget(uid);
    this.#contest.forget(uid);
    this.#writtenAt.delete(uid);
  }

  #news(policy: StoredPolicy, after: RightSizingStatus): void {
    const { status: before } = policy;
    const has = (type: string, status: RightSizingStatus | undefined) => findCondition(status, type);
    const [valid, metrics] = [has("Valid", after), has("MetricsAvailable", after)];
    if (valid?.status === "False" && valid.message !== has("Valid", before)?.message) this.#tell(policy, toldInvalid(valid.message));
    const wasAvailable = has("MetricsAvailable", before)?.status;
    if (metrics?.status === "False" && wasAvailable !== "False") this.#tell(policy, toldMetrics(false, metrics.message));
    if (metrics?.status === "True" && wasAvailable === "False") this.#tell(policy, toldMetrics(true, metrics.message));
    if (after.unkept !== undefined && before?.unkept === undefined) this.#tell(policy, toldUnkept());
    const titled = new Map((before?.recommendations ?? []).map((one) => [titleOf(one), one]));
    const fresh = (after.recommendations ?? []).filter((one) => one.target !== undefined && titled.get(titleOf(one))?.target === undefined);
    if (fresh[0] !== undefined) this.#tell(policy, toldRecommended(aboutOf(fresh[0]), fresh.map(titleOf)));
    const killed = (after.recommendations ?? []).filter((one) => (one.oomKills ?? 0) > (titled.get(titleOf(one))?.oomKills ?? 0));
    for (const [first, ...others] of Map.groupBy(killed, workloadTitle).values())
      if (first !== undefined) this.#tell(policy, toldKilled(aboutOf(first), [first, ...others].map(titleOf)));
  }
}

/** Whether a condition is right-sizing's: `Applying` is written by who applies. */
function isOwn(type: string): boolean {
  return type !== "Applying";
}

type Titled = NonNullable<RightSizingStatus["recommendations"]>[number];

function aboutOf({ apiVersion, kind, name }: Titled): About {
  return { apiVersion, kind, name };
}

function titleOf(one: Titled): string {
  return `${workloadTitle(one)}, container ${one.container}`;
}
