import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import { microTime } from "../clock/micro-time.ts";
import type { Stored } from "../client/resource.ts";

export type StoredLease = Stored<Lease>;

/** "" where nobody holds it. */
export function holderOf(lease: StoredLease | undefined): string {
  return lease?.spec?.holderIdentity ?? "";
}

/** Milliseconds for which its holder may count on it after a renewal; undefined where the lease doesn't say. */
export function durationOf({ spec }: StoredLease): number | undefined {
  return spec?.leaseDurationSeconds === undefined ? undefined : spec.leaseDurationSeconds * 1_000;
}

/** The lease as `identity` holds it from `now` on, in place of `before`. With that one's version in it, nobody else's write is overwritten. */
export function held(before: StoredLease | undefined, ref: { namespace: string; name: string }, holder: Holder, now: Date): Lease {
  const renewTime = microTime(now.getTime());
  const stays = holderOf(before) === holder.identity;
  const { acquireTime = renewTime, leaseTransitions = 0 } = before?.spec ?? {};
  return {
    ...before,
    metadata: { ...before?.metadata, ...ref },
    spec: {
      ...before?.spec,
      holderIdentity: holder.identity,
      leaseDurationSeconds: holder.leaseDuration / 1_000,
      acquireTime: stays ? acquireTime : renewTime,
      renewTime,
      leaseTransitions: before === undefined || stays ? leaseTransitions : leaseTransitions + 1,
    },
  };
}

interface Holder {
  identity: string;
  /** Milliseconds. */
  leaseDuration: number;
}

/** The lease as nobody's. */
export function released(before: StoredLease, now: Date): Lease {
  return { ...before, spec: { ...before.spec, holderIdentity: "", renewTime: microTime(now.getTime()) } };
}
