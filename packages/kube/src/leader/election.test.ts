import { expect, test } from "vitest";
import { defaultDurations } from "./durations.ts";
import { candidacy, granted, listed, nextStep, refused, seen, type Candidacy } from "./election.ts";
import type { StoredLease } from "./lease.ts";

const begin = candidacy("me", defaultDurations, 0);

/** A lease of this version and holder. */
function lease(resourceVersion: string, holderIdentity?: string, leaseDurationSeconds?: number): StoredLease {
  const spec = {
    ...(holderIdentity !== undefined && { holderIdentity }),
    ...(leaseDurationSeconds !== undefined && { leaseDurationSeconds }),
  };
  return { metadata: { name: "lease", uid: "uid", creationTimestamp: "", resourceVersion }, spec };
}

const isHeld = (asked: number, now = asked): Candidacy => granted(begin, lease("1", "me"), asked, now);

test("a candidate waits until it has seen the lease, and lists it itself when the API server is silent for 30 s", () => {
  expect(nextStep(begin, 0)).toEqual({ do: "wait", until: 30_000 });
  expect(nextStep(begin, 30_000)).toEqual({ do: "list", timeout: 5_000 });
});

test("a lease that isn't there, or that nobody holds, is acquired at once", () => {
  expect(nextStep(seen(begin, undefined, 5), 5)).toEqual({ do: "acquire", lease: undefined, timeout: 5_000 });
  for (const free of [lease("1"), lease("1", "")])
    expect(nextStep(seen(begin, free, 5), 5)).toEqual({ do: "acquire", lease: free, timeout: 5_000 });
});

test("so is one that stands as the candidate's own, of which it never had the answer", () => {
  expect(nextStep(seen(begin, lease("1", "me"), 5), 5)).toMatchObject({ do: "acquire" });
});

test("another's lease is acquired when it wasn't renewed for the time that the lease itself says", () => {
  const first = seen(begin, lease("1", "other", 20), 1_000);
  expect(nextStep(first, 1_000)).toEqual({ do: "wait", until: 21_000 });
  const renewed = seen(first, lease("2", "other", 20), 9_000);
  expect(nextStep(renewed, 28_999)).toEqual({ do: "wait", until: 29_000 });
  expect(nextStep(renewed, 29_000)).toMatchObject({ do: "acquire", lease: { metadata: { resourceVersion: "2" } } });
});

test("a lease that says no time is waited for as long as the candidate's own would be, and seen again it is no renewal", () => {
  const twice = seen(seen(begin, lease("1", "other"), 1_000), lease("1", "other"), 9_000);
  expect(nextStep(twice, 15_999)).toEqual({ do: "wait", until: 16_000 });
  expect(nextStep(twice, 16_000)).toMatchObject({ do: "acquire" });
});

test("when somebody deletes another's lease, that one may still count on it until it has run out", () => {
  const gone = seen(seen(begin, lease("1", "other"), 1_000), undefined, 2_000);
  expect(nextStep(gone, 16_999)).toEqual({ do: "wait", until: 17_000 });
  expect(nextStep(gone, 17_000)).toEqual({ do: "acquire", lease: undefined, timeout: 5_000 });
});

test("a holder renews after the retry period, and has no more time for it than half of what is left", () => {
  const holder = isHeld(1_000, 1_500);
  expect(holder.validUntil).toBe(11_000);
  expect(nextStep(holder, 1_500)).toEqual({ do: "wait", until: 3_000 });
  expect(nextStep(holder, 3_000)).toMatchObject({ do: "renew", timeout: 4_000 });
  const failed = refused(holder, false, 9_500);
  expect(nextStep(failed, 9_600)).toEqual({ do: "wait", until: 11_000 });
  expect(nextStep(refused(holder, false, 8_000), 10_000)).toMatchObject({ do: "renew", timeout: 500 });
});

test("it gives up when the renew deadline is over", () => {
  expect(nextStep(isHeld(1_000), 10_999)).toMatchObject({ do: "renew" });
  expect(nextStep(isHeld(1_000), 11_000)).toEqual({ do: "give up", reason: "the lease could not be renewed in time" });
});

test("what is granted later than the renew deadline allows is not held, and is asked for again", () => {
  const late = isHeld(1_000, 11_000);
  expect(late.validUntil).toBeUndefined();
  expect(nextStep(late, 11_000)).toMatchObject({ do: "acquire", lease: { metadata: { resourceVersion: "1" } } });
});

test("a conflict is looked into by a list at once: a holder whose own answer was lost goes on from there", () => {
  const doubtful = refused(isHeld(1_000), true, 3_000);
  expect(nextStep(doubtful, 3_010)).toMatchObject({ do: "list" });
  const mine = listed(doubtful, lease("2", "me"), 3_010, 3_020);
  expect(nextStep(mine, 5_000)).toMatchObject({ do: "renew", lease: { metadata: { resourceVersion: "2" } } });
  expect(mine.validUntil).toBe(11_000);
});

test("and one that has lost the lease to somebody gives up", () => {
  const doubtful = refused(isHeld(1_000), true, 3_000);
  const after = (found: StoredLease | undefined) => nextStep(listed(doubtful, found, 3_010, 3_020), 3_020);
  expect(after(lease("2", "other"))).toEqual({ do: "give up", reason: '"other" took the lease' });
  expect(after(lease("2", ""))).toEqual({ do: "give up", reason: "somebody released the lease" });
  expect(after(undefined)).toEqual({ do: "give up", reason: "somebody deleted the lease" });
});

test("a follower that came too late lists the lease, and waits for whoever was first", () => {
  const late = refused(seen(begin, lease("1", ""), 1_000), true, 1_000);
  expect(nextStep(late, 1_010)).toEqual({ do: "list", timeout: 5_000 });
  expect(nextStep(listed(late, lease("2", "other"), 1_010, 1_020), 1_020)).toEqual({ do: "wait", until: 16_020 });
});

test("attempts that fail follow one another by the retry period", () => {
  const failed = refused(seen(begin, lease("1", ""), 1_000), false, 1_000);
  expect(nextStep(failed, 1_500)).toEqual({ do: "wait", until: 3_000 });
  expect(nextStep(failed, 3_000)).toMatchObject({ do: "acquire" });
});
