import type { PipelineSchedule } from "@plimsoll/api";
import { array, assert, asyncProperty, constant, constantFrom, integer, nat, oneof, record, type Arbitrary } from "fast-check";
import { expect, test } from "vitest";
import { timingOf } from "../../cron/timing.ts";
import { World } from "../../testing/world.ts";

type Spec = PipelineSchedule["spec"];

const minute = 60_000;
const start = Date.parse("2026-10-24T22:50:30Z");

/** What happens between two rounds of the controller. */
const events = array(
  oneof(
    { weight: 6, arbitrary: record({ kind: constant("pass" as const), ms: integer({ min: 1_000, max: 20 * minute }) }) },
    {
      weight: 1,
      arbitrary: record({ kind: constant("pass" as const), ms: integer({ min: 60 * minute, max: 26 * 60 * minute }) }),
    },
    { weight: 2, arbitrary: record({ kind: constant("back" as const), ms: integer({ min: 1_000, max: 90 * minute }) }) },
    { weight: 3, arbitrary: record({ kind: constant("die" as const), after: integer({ min: 1, max: 6 }) }) },
    {
      weight: 3,
      arbitrary: record({ kind: constant("end" as const), phase: constantFrom("succeeded" as const, "failed" as const) }),
    },
    { weight: 4, arbitrary: record({ kind: constant("tell" as const) }) },
  ),
  { maxLength: 40 },
);

const specs = record({
  cron: constantFrom(["*/15 * * * *"], ["30 2 * * *", "0 */5 * * *"], ["7 * * * *"]),
  timeZone: constantFrom("Europe/Berlin", "UTC", "Australia/Lord_Howe"),
  jitter: constantFrom(undefined, "3m"),
  concurrency: constantFrom("Allow" as const, "Forbid" as const, "Replace" as const, "Queue" as const),
  missedRuns: constantFrom("all" as const, "latest" as const, "skip" as const),
  history: constantFrom({ succeeded: 1, failed: 0 }, undefined),
});

/** Plays a schedule through all that happens, and then until all is quiet. Gives the world and the latest that its clock has shown. */
async function play(
  spec: Spec,
  happenings: typeof events extends Arbitrary<infer T> ? T : never,
  seed: number,
): Promise<{ world: World; latest: number }> {
  let state = seed;
  const world = new World(spec, start, (below) => (state = (state * 1103515245 + 12345) % 2 ** 31) % below);
  let latest = start;
  for (const happening of happenings) {
    if (happening.kind === "pass") world.now += happening.ms;
    else if (happening.kind === "back") world.now -= happening.ms;
    else if (happening.kind === "die") world.writesLeft = happening.after;
    else if (happening.kind === "end") world.end(happening.phase);
    else world.tell();
    latest = Math.max(latest, world.now);
    await world.round();
    if (spec.concurrency !== "Allow" && world.active.length > 1) throw new Error("two go on at once");
  }
  world.writesLeft = Infinity;
  world.now = latest;
  for (let rounds = 0; rounds < 3_000; rounds += 1) {
    const before = world.made.length;
    world.tell();
    await world.round();
    if (world.active.length === 0 && world.made.length === before && rounds > 2) break;
    world.end("succeeded");
  }
  return { world, latest };
}

function expectedTimes(spec: Spec, upTo: number): number[] {
  const result = timingOf(spec);
  if ("problems" in result) throw new Error("it is sound");
  const times: number[] = [];
  for (let at = result.timing.next(start); at !== undefined && at <= upTo; at = result.timing.next(at)) times.push(at);
  return times;
}

const complete = (spec: object): Spec => ({ ...(JSON.parse(JSON.stringify(spec)) as Spec), template: { spec: {} } });

test("however often the controller dies, at whichever write, whatever the clock does and however late the watch: no time has two runs", async () => {
  await assert(
    asyncProperty(specs, events, nat(), async (spec, happenings, seed) => {
      const { world } = await play(complete(spec), happenings, seed);
      const times = world.made.map(({ time }) => time);
      expect(times).toEqual([...new Set(times)]);
      expect(new Set(world.made.map(({ name }) => name)).size).toBe(times.length);
    }),
    { numRuns: 300 },
  );
});

test("and where all that were missed are wanted, none is lost, and a queue keeps their order", async () => {
  await assert(
    asyncProperty(specs, constantFrom("Allow" as const, "Queue" as const), events, nat(), async (spec, concurrency, happenings, seed) => {
      const whole = complete({ ...spec, concurrency, missedRuns: "all", jitter: undefined });
      const { world, latest } = await play(whole, happenings, seed);
      const times = world.made.map(({ time }) => time);
      expect(times.toSorted((a, b) => a - b)).toEqual(expectedTimes(whole, latest));
      if (concurrency === "Queue") expect(times).toEqual(times.toSorted((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});

test("and where the latest is wanted, it is run in the end", async () => {
  expect.hasAssertions();
  await assert(
    asyncProperty(
      specs,
      constantFrom("Allow" as const, "Replace" as const, "Queue" as const),
      events,
      nat(),
      async (spec, concurrency, happenings, seed) => {
        const whole = complete({ ...spec, concurrency, missedRuns: "latest", jitter: undefined });
        const { world, latest } = await play(whole, happenings, seed);
        const last = expectedTimes(whole, latest).at(-1);
        if (last !== undefined) expect(world.made.map(({ time }) => time)).toContain(last);
      },
    ),
    { numRuns: 200 },
  );
});

test("a run that has ended and gone before its time is written isn't made again", async () => {
  const world = new World(complete({ cron: ["* * * * *"] }), start, () => 0);
  await world.round();
  world.now += minute;
  await world.round();
  world.tell();
  world.end("succeeded");
  world.tell();
  world.vanish();
  for (let rounds = 0; rounds < 3; rounds += 1) await world.round();
  expect(world.made.map(({ time }) => new Date(time).toISOString())).toEqual(["2026-10-24T22:51:00.000Z"]);
  expect(world.schedule.status).toMatchObject({ lastTime: "2026-10-24T22:51:00Z" });
});
