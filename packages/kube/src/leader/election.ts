import type { Durations } from "./durations.ts";
import { durationOf, holderOf, type StoredLease } from "./lease.ts";

/** What is known of the lease. */
export interface Observation {
  /** Undefined while there is none. */
  readonly lease: StoredLease | undefined;
  /** From when on it may be acquired. */
  readonly freeAt: number;
}

/** What one candidate knows and may do when. All moments are milliseconds on its own monotonic clock: those of others are never looked at. */
export interface Candidacy {
  readonly identity: string;
  readonly durations: Durations;
  /** Undefined until the lease was listed. */
  readonly observed: Observation | undefined;
  /** Somebody wrote the lease in between, perhaps this candidate itself, whose answer was lost: it has to be listed. */
  readonly isInDoubt: boolean;
  /** While the candidate holds the lease: until when it may count on that. */
  readonly validUntil: number | undefined;
  /** No write before, and no list before. */
  readonly writeAt: number;
  readonly listAt: number;
  /** When the API server last gave a sign of life. */
  readonly heardAt: number;
}

export type Step =
  /** Write the lease as held: create it where there is none. `timeout`, in milliseconds, leaves time for another attempt. */
  | { do: "acquire"; lease: StoredLease | undefined; timeout: number }
  | { do: "renew"; lease: StoredLease; timeout: number }
  | { do: "list"; timeout: number }
  | { do: "wait"; until: number }
  | { do: "give up"; reason: string };

/** Milliseconds without a sign of life from the API server after which a follower asks for one. */
const silence = 30_000;

export function candidacy(identity: string, durations: Durations, now: number): Candidacy {
  return { identity, durations, observed: undefined, isInDoubt: false, validUntil: undefined, writeAt: now, listAt: now, heardAt: now };
}

export function nextStep(candidacy: Candidacy, now: number): Step {
  return candidacy.validUntil === undefined ? follow(candidacy, now) : lead(candidacy, candidacy.validUntil, now);
}

function follow({ observed, isInDoubt, writeAt, listAt, heardAt, durations }: Candidacy, now: number): Step {
  const timeout = durations.renewDeadline / 2;
  if ((isInDoubt || now >= heardAt + silence) && now >= listAt) return { do: "list", timeout };
  const acquireAt = observed === undefined || isInDoubt ? Infinity : Math.max(observed.freeAt, writeAt);
  if (now >= acquireAt) return { do: "acquire", lease: observed?.lease, timeout };
  return { do: "wait", until: Math.min(acquireAt, isInDoubt ? listAt : Math.max(heardAt + silence, listAt)) };
}

function lead({ identity, observed, isInDoubt, writeAt, listAt }: Candidacy, validUntil: number, now: number): Step {
  const lease = observed?.lease;
  if (lease === undefined) return { do: "give up", reason: "somebody deleted the lease" };
  const holder = holderOf(lease);
  if (holder !== identity) return { do: "give up", reason: holder === "" ? "somebody released the lease" : `"${holder}" took the lease` };
  if (now >= validUntil) return { do: "give up", reason: "the lease could not be renewed in time" };
  const timeout = (validUntil - now) / 2;
  const due = isInDoubt ? listAt : writeAt;
  if (now < due) return { do: "wait", until: Math.min(due, validUntil) };
  return isInDoubt ? { do: "list", timeout } : { do: "renew", lease, timeout };
}

/** The lease was seen as `lease`, by a list or a watch. */
export function seen(candidacy: Candidacy, lease: StoredLease | undefined, now: number): Candidacy {
  return { ...candidacy, observed: observation(candidacy, lease, now) };
}

function observation({ identity, durations, observed: last }: Candidacy, lease: StoredLease | undefined, now: number): Observation {
  if (last !== undefined && versionOf(last.lease) === versionOf(lease)) return last;
  // Whoever held a lease that is deleted may count on it until it asks again.
  const holding = lease ?? last?.lease;
  const holder = holderOf(holding);
  if (holding === undefined || holder === "" || holder === identity) return { lease, freeAt: now };
  return { lease, freeAt: now + (durationOf(holding) ?? durations.leaseDuration) };
}

function versionOf(lease: StoredLease | undefined): string | undefined {
  return lease?.metadata.resourceVersion;
}

/** A list that was asked for at `askedAt` gave `lease`. */
export function listed(candidacy: Candidacy, lease: StoredLease | undefined, askedAt: number, now: number): Candidacy {
  return { ...seen(candidacy, lease, now), isInDoubt: false, listAt: askedAt + candidacy.durations.retryPeriod };
}

/** A list that was asked for at `askedAt` came to nothing. */
export function unlisted(candidacy: Candidacy, askedAt: number): Candidacy {
  return { ...candidacy, listAt: askedAt + candidacy.durations.retryPeriod };
}

/** What was asked for at `askedAt` was granted: `lease` is held. As it may have been written as early as that, it counts from then. */
export function granted(candidacy: Candidacy, lease: StoredLease, askedAt: number, now: number): Candidacy {
  const { renewDeadline, retryPeriod } = candidacy.durations;
  const validUntil = askedAt + renewDeadline;
  return {
    ...seen(candidacy, lease, now),
    // One that comes so late is no more than a look at the lease.
    validUntil: now < validUntil ? validUntil : candidacy.validUntil,
    writeAt: askedAt + retryPeriod,
  };
}

/** What was asked for at `askedAt` was not granted; `isInDoubt` where the lease turned out to be another than was thought. */
export function refused(candidacy: Candidacy, isInDoubt: boolean, askedAt: number): Candidacy {
  return { ...candidacy, isInDoubt: candidacy.isInDoubt || isInDoubt, writeAt: askedAt + candidacy.durations.retryPeriod };
}
