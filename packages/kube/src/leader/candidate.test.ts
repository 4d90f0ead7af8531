import { expect, onTestFinished, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { FakeLeases } from "../../testing/fake-leases.ts";
import type { ApiRequest, Sender } from "../transport/api-request.ts";
import { Candidate } from "./candidate.ts";
import { defaultDurations } from "./durations.ts";
import { Fence, LostLeaseError } from "./fence.ts";
import { leaseClient } from "./permissions.ts";

/** A candidate at work, before a server on which `holder` has the lease, for some seconds. */
async function trial(holder?: string, seconds?: number) {
  const clock = new FakeClock(1_000_000);
  const leases = new FakeLeases();
  if (holder !== undefined) leases.write(holder, seconds);
  const fence = new Fence(undefined, () => BigInt(clock.monotonic()) * 1_000_000n);
  const contact = { at: clock.monotonic(), mark: () => void (contact.at = clock.monotonic()) };
  const sender: Sender = {
    async request<T>(request: ApiRequest) {
      const answer = await leases.request<T>(request);
      contact.mark();
      return answer;
    },
    stream: (request) => leases.stream(request),
  };
  const ref = { namespace: "ns", name: "lease" };
  const events: string[] = [];
  const candidate = new Candidate({
    client: leaseClient(sender, ref),
    ref,
    identity: "me",
    durations: defaultDurations,
    fence,
    contact,
    clock,
    onLeader: (identity) => events.push(`leader: ${identity}`),
    onElected: () => events.push("elected"),
    onError: (error) => events.push(String(error)),
  });
  const stop = new AbortController();
  const end = candidate.run(stop.signal).then((reason) => events.push(`ended: ${reason}`));
  onTestFinished(async () => {
    stop.abort();
    leases.fault = 500;
    await end;
  });
  await clock.advance(0);
  const stands = () => {
    try {
      fence.check();
      return true;
    } catch (error) {
      if (error instanceof LostLeaseError) return false;
      throw error;
    }
  };
  return { clock, leases, candidate, events, fence, stop, end, stands };
}

test("where there is no lease it is created, and renewed from then on with the version of the last answer", async () => {
  const { clock, leases, events, stands } = await trial();
  expect(events).toEqual(["leader: me", "elected"]);
  await clock.advance(60_000);
  expect(leases.requests.slice(0, 3)).toEqual(["list", "watch", 'create "me"']);
  expect(leases.requests.filter((request) => request === 'update "me"')).toHaveLength(30);
  expect(stands()).toBe(true);
  expect(events).toEqual(["leader: me", "elected"]);
});

test("a follower is told of a release by its watch, and takes the lease in the same moment", async () => {
  const { clock, leases, events, stands } = await trial("other");
  await clock.advance(10_000);
  expect(leases.requests).toEqual(["list", "watch"]);
  expect(stands()).toBe(false);
  const before = clock.now();
  leases.write("");
  await clock.advance(0);
  expect(events).toEqual(["leader: other", "leader: undefined", "leader: me", "elected"]);
  expect(clock.now()).toBe(before);
  expect(stands()).toBe(true);
});

test("a follower that hears nothing for 30 s lists the lease, and again after as long", async () => {
  const { clock, leases } = await trial("other", 1_000);
  await clock.advance(29_999);
  expect(leases.requests).toEqual(["list", "watch"]);
  await clock.advance(1);
  expect(leases.requests).toEqual(["list", "watch", "list"]);
  await clock.advance(59_999);
  expect(leases.requests).toEqual(["list", "watch", "list", "list"]);
});

test("one that is told of renewals doesn't", async () => {
  const { clock, leases } = await trial("other");
  for (let n = 0; n < 10; n++) {
    await clock.advance(10_000);
    leases.write("other");
  }
  expect(leases.requests).toEqual(["list", "watch"]);
});

test.each([401, 403, 429, 500, 503, "lost", "hangs"] as const)(
  "a holder for whom a request is %s for a while keeps its lease",
  async (fault) => {
    const { clock, leases, events, stands } = await trial();
    leases.fault = fault;
    await clock.advance(7_000);
    leases.fault = undefined;
    await clock.advance(60_000);
    expect(stands()).toBe(true);
    expect(leases.lease?.spec?.holderIdentity).toBe("me");
    // It said what was wrong, and gave nothing up.
    const [, , ...more] = events;
    expect(more.length).toBeGreaterThan(0);
    expect(more.filter((event) => !/Error: /.test(event))).toEqual([]);
  },
);

test.each([401, 403, 429, 500, 503, "hangs"] as const)(
  "one for whom it stays %s writes until the renew deadline, and has lost then",
  async (fault) => {
    const { clock, leases, events, stands } = await trial();
    leases.fault = fault;
    await clock.advance(9_999);
    expect(stands()).toBe(true);
    expect(events.filter((event) => event.startsWith("ended"))).toEqual([]);
    const tries = leases.requests.filter((request) => request === 'update "me"');
    expect(tries.length).toBeGreaterThanOrEqual(2);
    await clock.advance(1);
    expect(stands()).toBe(false);
    expect(events.at(-1)).toBe("ended: the lease could not be renewed in time");
  },
);

test("a holder has lost when it finds the lease in another's hands, or gone", async () => {
  for (const [holder, reason] of [
    ["other", '"other" took the lease'],
    ["", "somebody released the lease"],
    [undefined, "somebody deleted the lease"],
  ] as const) {
    const { clock, leases, events, stands } = await trial();
    leases.write(holder);
    await clock.advance(2_000);
    expect(stands()).toBe(false);
    expect(events.at(-1)).toBe(`ended: ${reason}`);
  }
});

test("one whose fence has fallen before its renewal came is told so", async () => {
  const { clock, leases, events, fence, stands } = await trial();
  fence.fall();
  await clock.advance(2_000);
  expect(events.at(-1)).toBe("ended: the lease was renewed too late");
  expect(stands()).toBe(false);
  expect(leases.lease?.spec?.holderIdentity).toBe("me");
});

test("a follower goes on through an outage, and takes the lease when the holder hasn't come back", async () => {
  const { clock, leases, events, stands } = await trial("other");
  leases.fault = 503;
  await clock.advance(40_000);
  expect(stands()).toBe(false);
  leases.fault = undefined;
  await clock.advance(2_000);
  expect(stands()).toBe(true);
  expect(events.at(-1)).toBe("elected");
});

test("a follower that came too late stays one, and that is no error", async () => {
  const { clock, leases, events, stands } = await trial("other");
  await clock.advance(10_000);
  // Between two events of its watch.
  leases.whisper("third");
  await clock.advance(10_000);
  expect(stands()).toBe(false);
  expect(events).toEqual(["leader: other", "leader: third"]);
  await clock.advance(10_000);
  expect(stands()).toBe(true);
});

test("when it is stopped, a holder gives its lease back, and its fence falls first", async () => {
  const { candidate, leases, stop, end, stands } = await trial();
  stop.abort();
  await end;
  expect(stands()).toBe(true);
  const release = candidate.release(5_000);
  expect(stands()).toBe(false);
  await release;
  expect(leases.requests.at(-1)).toBe('update ""');
  expect(leases.lease?.spec?.holderIdentity).toBe("");
});

test("also where it didn't get the answer to its last renewal", async () => {
  const { candidate, clock, leases, stop, end } = await trial();
  leases.fault = "lost";
  await clock.advance(2_000);
  leases.fault = undefined;
  stop.abort();
  await end;
  await candidate.release(5_000);
  expect(leases.lease?.spec?.holderIdentity).toBe("");
});

test("it tries for as long as it is given, by its retry period, and then leaves the lease to run out", async () => {
  const { candidate, clock, leases, stop, end } = await trial();
  stop.abort();
  await end;
  leases.fault = 500;
  const release = candidate.release(5_000);
  await clock.advance(6_000);
  await release;
  expect(leases.requests.filter((request) => request === 'update ""')).toHaveLength(3);
  expect(leases.lease?.spec?.holderIdentity).toBe("me");
});

test("a follower that is stopped leaves the lease alone", async () => {
  const { candidate, leases, stop, end } = await trial("other");
  stop.abort();
  await end;
  await candidate.release(5_000);
  expect(leases.requests).toEqual(["list", "watch"]);
});
