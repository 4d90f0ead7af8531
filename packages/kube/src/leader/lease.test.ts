import { expect, test } from "vitest";
import { held, released, type StoredLease } from "./lease.ts";

const ref = { namespace: "ns", name: "lease" };
const stored = (spec: StoredLease["spec"]): StoredLease => ({
  metadata: { ...ref, uid: "uid", creationTimestamp: "", resourceVersion: "7", labels: { app: "x" } },
  ...(spec && { spec }),
});
const me = { identity: "me", leaseDuration: 15_000 };
const [then, now] = [new Date("2026-01-02T03:04:05.678Z"), new Date("2026-01-02T03:04:07.000Z")];
const [thenText, nowText] = ["2026-01-02T03:04:05.678000Z", "2026-01-02T03:04:07.000000Z"];

test("a lease is created with its times as metav1.MicroTime has them", () => {
  expect(held(undefined, ref, me, then)).toEqual({
    metadata: ref,
    spec: { holderIdentity: "me", leaseDurationSeconds: 15, acquireTime: thenText, renewTime: thenText, leaseTransitions: 0 },
  });
});

test("one that changes hands keeps what others wrote on it, and its version, and counts the change", () => {
  const next = held(
    stored({ holderIdentity: "other", leaseTransitions: 4, acquireTime: thenText, leaseDurationSeconds: 60 }),
    ref,
    me,
    now,
  );
  expect(next.metadata).toMatchObject({ ...ref, resourceVersion: "7", labels: { app: "x" } });
  expect(next.spec).toEqual({
    holderIdentity: "me",
    leaseDurationSeconds: 15,
    acquireTime: nowText,
    renewTime: nowText,
    leaseTransitions: 5,
  });
});

test("a renewal changes nothing but its time", () => {
  const spec = { holderIdentity: "me", leaseDurationSeconds: 15, acquireTime: thenText, renewTime: thenText, leaseTransitions: 5 };
  expect(held(stored(spec), ref, me, now).spec).toEqual({ ...spec, renewTime: nowText });
});

test("a release empties the holder, and keeps the version", () => {
  const next = released(stored({ holderIdentity: "me", leaseDurationSeconds: 15, leaseTransitions: 5 }), now);
  expect(next.metadata).toMatchObject({ resourceVersion: "7" });
  expect(next.spec).toEqual({ holderIdentity: "", leaseDurationSeconds: 15, leaseTransitions: 5, renewTime: nowText });
});
