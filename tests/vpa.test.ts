import { Sizing, UsageHistory, vpaSettings, type Range } from "@plimsoll/model/sizing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../bench/random.ts";
import { VpaLibrary } from "./support/vpa-library.ts";

let library: VpaLibrary;
beforeAll(async () => {
  library = await VpaLibrary.start();
}, 600_000);
afterAll(() => library.stop());

const minute = 60_000;
const day = 24 * 60 * minute;
// The library believes any sample at once.
const sizing = new Sizing({ ...vpaSettings, jump: { ...vpaSettings.jump, ratio: Infinity } });
const steps = [15_000, minute, 10 * minute, 180 * minute, 40 * 60 * minute];
const lengths = [3, 50, 500, 2_000];

interface Comparison {
  container: string;
  samples: number;
  days: number;
  ours: { cpu: Range; memory: Range };
  theirs: { cpu: Range; memory: Range };
}

/** Walks at random, with gaps of up to three days, samples that come twice or late, and kills for want of memory; as long as 9 years. */
async function compare(random: Random, container: string): Promise<Comparison[]> {
  const history = new UsageHistory(sizing);
  const found: Comparison[] = [];
  const step = random.of(steps);
  const length = random.of(lengths);
  const first = Date.UTC(2026, 0, 1) + random.below(10 * day);
  let [at, cpu, memory, request] = [first, 10 + random.below(2_000), 2e7 + random.below(2 ** 31), 1e9];
  for (let sample = 0; sample < length; sample++) {
    at += Math.round(step * (0.5 + random.below(1_000) / 1_000)) + (random.chance(0.01) ? random.below(3 * day) : 0);
    cpu = (Math.round(cpu * (0.8 + random.below(400) / 1_000)) + random.below(3)) % 50_000;
    memory = (Math.round(memory * (0.95 + random.below(100) / 1_000)) + random.below(1_000)) % 5e11;
    request = Math.max(request, memory);
    for (const when of random.chance(0.05) ? [at, at, at - random.below(step)] : [at]) {
      library.sample(container, "pod", when, cpu, memory);
      history.sample("pod", when, { cpu, memory }, at);
    }
    // No instance uses more than its request: of what else is killed, the library forgets use (below).
    if (random.chance(0.003)) {
      library.oom(container, "pod", at, request);
      history.oom("pod", at, request, at);
    }
    if (!random.chance(0.02) && sample < length - 1) continue;
    const [theirs] = await library.estimates([container]);
    const { cpu: ourCpu, memory: ourMemory, since = at, seenAt = at, samples } = history.estimate();
    if (theirs === undefined || ourCpu === undefined || ourMemory === undefined) throw new Error("nothing is recommended");
    const days = Math.min((seenAt - since) / day, samples / (24 * 60));
    found.push({ container, samples, days, ours: { cpu: ourCpu, memory: ourMemory }, theirs });
  }
  return found;
}

/** Its two sides are the same but for a bucket's width, as the last digit of a logarithm may put an amount on a bound into the next one. */
function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.051 * Math.max(one, other) + 1;
}

test("by VerticalPodAutoscaler's settings, what its own library recommends is recommended here", async () => {
  const random = new Random(15);
  const all: Comparison[] = [];
  for (let trace = 0; trace < 200; trace++) all.push(...(await compare(random, `walk${trace}`)));
  const pairs = all.flatMap((one) =>
    (["cpu", "memory"] as const).flatMap((resource) =>
      (["target", "lower", "upper"] as const)
        // Of less than a minute of history, the library's bounds run from nothing to 100 TB; here it counts as a minute.
        .filter((bound) => bound === "target" || one.days * day >= minute)
        .map((bound) => ({ ...one, resource, bound, our: one.ours[resource][bound], their: one.theirs[resource][bound] })),
    ),
  );
  expect(pairs.length).toBeGreaterThan(10_000);
  expect(pairs.filter(({ our, their }) => !isNear(our, their))).toEqual([]);
  expect(pairs.filter(({ our, their }) => our !== their).length).toBeLessThanOrEqual(pairs.length / 1_000);
});

test("of a container that uses more than its request after a kill, the library forgets that use at the next kill, and it is remembered here", async () => {
  const history = new UsageHistory(sizing);
  const [start, request] = [Date.UTC(2026, 0, 1), 1e9];
  const use = (minutes: number, memory: number): void => {
    library.sample("forgets", "pod", start + minutes * minute, 100, memory);
    history.sample("pod", start + minutes * minute, { cpu: 100, memory }, start + minutes * minute);
  };
  const kill = (minutes: number): void => {
    library.oom("forgets", "pod", start + minutes * minute, request);
    history.oom("pod", start + minutes * minute, request, start + minutes * minute);
  };
  use(1, 9e8);
  kill(2);
  use(3, 1.15e9);
  kill(4);
  const [theirs] = await library.estimates(["forgets"]);
  // By 1.2 times 1 GB and 1.2 times 1.15 GB: the ends of their buckets, and 15 % on top.
  expect({ theirs: theirs?.memory.target, ours: history.estimate().memory?.target }).toEqual({
    theirs: 1_389_197_403,
    ours: 1_644_423_393,
  });
});
