import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toDotPath } from "zod/v4/core";
import { priceBook, priceBookVersion } from "./book.ts";
import { unit } from "./money.ts";
import { priceOf } from "./node-price.ts";
import { costsOf, splitOf, totalOf, type Placed } from "./split.ts";

const version = priceBookVersion;
const node = (labels: Record<string, string>, capacity: Record<string, number> = { cpu: 4_000, memory: 16 * 1024 ** 3 }) => ({
  labels,
  capacity,
});
const type = "node.kubernetes.io/instance-type";
const region = "topology.kubernetes.io/region";

describe("a price book", () => {
  test.each<[unknown, RegExp]>([
    [null, /^must be a map that begins with version: plimsoll\.dev\/prices\/v1$/],
    [[], /^must be a map that begins/],
    [{}, /^version: must be plimsoll\.dev\/prices\/v1/],
    [{ version, currency: "dollars" }, /^currency: must be three capital letters, as in USD/],
    [{ version, prices: [{ instances: { "m5.large": "0.1" } }] }, /^prices\[0\]\.instances\["m5\.large"\]: .*number/],
    [
      { version, prices: [{ instances: { a: -1 } }] },
      /^prices\[0\]\.instances\.a: must be a number from 0 to 1000000, the price of an hour, as in 0\.096$/,
    ],
    [{ version, prices: [{ region: "eu" }] }, /^prices\[0\]: give either instances, with a price for each type, or perHour/],
    [{ version, prices: [{ perHour: 1, instances: {} }] }, /^prices\[0\]: give either/],
    [{ version, prices: [{ perHour: 1, regions: "eu" }] }, /^prices\[0\]: Unrecognized key: "regions"/],
    [{ version, prices: [{ perHour: 1, zone: [] }] }, /^prices\[0\]\.zone: /],
    [{ version, spot: 1.5 }, /^spot: must be a number from 0 to 1, the part of the price that is paid, as in 0\.35$/],
    [{ version, weights: { cpu: 0, memory: 0, gpu: 1 } }, /^weights: cpu and memory can't both be 0/],
    [{ version, fallback: { cpu: 1 } }, /^fallback\.memory: /],
  ])("that says %j is told by its field", (data, message) => {
    const [issue] = priceBook.safeParse(data).error?.issues ?? [];
    const { path = [], message: told = "" } = issue ?? {};
    expect([toDotPath(path), told].filter(Boolean).join(": ")).toMatch(message);
  });

  const book = priceBook.parse({
    version,
    spot: 0.4,
    prices: [
      { labels: { pool: "own" }, perHour: 0.5, spot: 1 },
      { region: "eu-1", zone: ["eu-1a", "eu-1b"], instances: { "m.large": 0.11 } },
      { region: ["eu-1", "us-1"], instances: { "m.large": 0.1, "g.large": 1 } },
    ],
    gpus: [{ labels: { "cloud.google.com/gke-accelerator": "t4" }, perHour: 0.35 }],
    fallback: { cpu: 0.03, memory: 0.004, gpu: 1 },
  });

  test.each<[string, Parameters<typeof priceOf>[0], number, object]>([
    ["by label", node({ pool: "own", [type]: "m.large" }), 0.5, { basis: "listed" }],
    ["by zone", node({ [region]: "eu-1", "topology.kubernetes.io/zone": "eu-1b", [type]: "m.large" }), 0.11, { basis: "listed" }],
    ["by region", node({ [region]: "eu-1", [type]: "m.large" }), 0.1, { basis: "listed", instanceType: "m.large" }],
    ["of a spot node", node({ [region]: "us-1", [type]: "m.large", "karpenter.sh/capacity-type": "spot" }), 0.04, { isSpot: true }],
    ["of a spot node with a factor of its own", node({ pool: "own", "eks.amazonaws.com/capacityType": "SPOT" }), 0.5, { isSpot: true }],
    [
      "of an EKS node on demand",
      node({ [region]: "us-1", [type]: "m.large", "eks.amazonaws.com/capacityType": "ON_DEMAND" }),
      0.1,
      { isSpot: false },
    ],
    [
      "with GPUs that are paid for by themselves",
      node({ [region]: "us-1", [type]: "m.large", "cloud.google.com/gke-accelerator": "t4" }, { "nvidia.com/gpu": 2 }),
      0.8,
      { basis: "listed" },
    ],
    ["of a type that isn't listed", node({ [region]: "us-1", [type]: "x.large" }), 0.184, { basis: "fallback", instanceType: "x.large" }],
    ["of a type in another region", node({ [region]: "ap-1", [type]: "m.large" }), 0.184, { basis: "fallback" }],
    ["of a type called as what objects inherit", node({ [region]: "us-1", [type]: "toString" }), 0.184, { basis: "fallback" }],
    ["of nothing known", node({}, { cpu: 1_000, memory: 0, "amd.com/gpu": 1 }), 1.03, { basis: "fallback", instanceType: "" }],
  ])("has the price %s", (_what, node, perHour, more) => {
    expect(priceOf(node, book)).toMatchObject({ perHour: Math.round(perHour * unit), ...more });
  });

  test("without a fallback has no price for what it doesn't list, and not 0", () => {
    expect(priceOf(node({ [type]: "m.large" }), priceBook.parse({ version }))).toEqual({
      perHour: undefined,
      basis: undefined,
      instanceType: "m.large",
      isSpot: false,
      isDiscounted: false,
    });
  });

  test("without a spot factor has the full price for a spot node, and says so", () => {
    const full = priceBook.parse({ version, prices: [{ perHour: 2 }] });
    expect(priceOf(node({ "kubernetes.azure.com/scalesetpriority": "spot" }), full)).toMatchObject({
      perHour: 2 * unit,
      isSpot: true,
      isDiscounted: false,
    });
  });
});

const gigabyte = 1024 ** 3;
const amounts = fc.record(
  {
    cpu: fc.integer({ min: 0, max: 64_000 }),
    memory: fc.integer({ min: 0, max: 512 * gigabyte }),
    "nvidia.com/gpu": fc.integer({ min: 0, max: 8 }),
  },
  { requiredKeys: [] },
);
const pods = fc.uniqueArray(fc.record({ uid: fc.uuid(), requests: amounts, used: fc.option(amounts, { nil: undefined }) }), {
  selector: ({ uid }) => uid,
  maxLength: 40,
});
const price = fc.integer({ min: 0, max: 1_000 * unit });
const weights = fc.record({
  cpu: fc.double({ min: 0.001, max: 100, noNaN: true }),
  memory: fc.double({ min: 0, max: 100, noNaN: true }),
  gpu: fc.double({ min: 0, max: 100, noNaN: true }),
});
const split = (
  allocatable: Record<string, number>,
  perHour: number,
  placed: readonly Placed[],
  of: { cpu: number; memory: number; gpu: number },
) => splitOf({ allocatable }, perHour, placed, { weights: of });

describe("a node's price", () => {
  test("is what its pods and what is idle come to, to the last billionth, and nothing of it is negative", () => {
    fc.assert(
      fc.property(amounts, price, pods, weights, (allocatable, perHour, placed, of) => {
        const { node, byPod, idle } = split(allocatable, perHour, placed, of);
        const all = [...byPod.values(), idle];
        expect(totalOf(node)).toBe(perHour);
        for (const what of ["cpu", "memory", "gpu"] as const) {
          expect(all.reduce((sum, costs) => sum + costs[what], 0)).toBe(node[what]);
          for (const costs of all) expect(costs[what]).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test("is the same with one pod more, which takes from the others no more than it costs", () => {
    fc.assert(
      fc.property(amounts, price, pods, weights, (allocatable, perHour, placed, of) => {
        const [more, ...others] = placed;
        if (more === undefined) return;
        const [before, after] = [split(allocatable, perHour, others, of), split(allocatable, perHour, placed, of)];
        expect(after.node).toEqual(before.node);
        expect(totalOf(after.idle)).toBeLessThanOrEqual(totalOf(before.idle) + 3);
        for (const [uid, costs] of before.byPod) expect(totalOf(after.byPod.get(uid) ?? costs)).toBeLessThanOrEqual(totalOf(costs) + 3);
      }),
    );
  });

  test("is shared out alike in whatever order pods come", () => {
    fc.assert(
      fc.property(
        pods.chain((placed) => fc.tuple(fc.constant(placed), fc.shuffledSubarray(placed, { minLength: placed.length }))),
        amounts,
        price,
        weights,
        ([placed, shuffled], allocatable, perHour, of) => {
          const [one, other] = [split(allocatable, perHour, placed, of), split(allocatable, perHour, shuffled, of)];
          expect(one.idle).toEqual(other.idle);
          expect(new Map([...one.byPod].sort())).toEqual(new Map([...other.byPod].sort()));
        },
      ),
    );
  });

  test("is divided by weight: a GPU as thirty cores, a GiB as 0.134", () => {
    const { weights } = priceBook.parse({ version });
    const costs = costsOf({ allocatable: { cpu: 10_000, memory: 0, "nvidia.com/gpu": 1 } }, 4 * unit, { weights });
    expect(costs).toEqual({ cpu: unit, memory: 0, gpu: 3 * unit });
    expect(costsOf({ allocatable: { cpu: 866, memory: gigabyte } }, unit, { weights })).toEqual({
      cpu: 866_000_000,
      memory: 134_000_000,
      gpu: 0,
    });
  });

  test("is for what pods ask for, else for what they use; of the rest nobody but idle pays", () => {
    const cores = { cpu: 1, memory: 0, gpu: 0 };
    const { byPod, idle } = split(
      { cpu: 10_000 },
      10 * unit,
      [
        { uid: "asks", requests: { cpu: 3_000 }, used: { cpu: 9_000 } },
        { uid: "uses", requests: {}, used: { cpu: 2_000 } },
        { uid: "neither", requests: {} },
      ],
      cores,
    );
    expect([...byPod].map(([uid, { cpu }]) => [uid, cpu / unit]).sort()).toEqual([
      ["asks", 3],
      ["neither", 0],
      ["uses", 2],
    ]);
    expect(idle.cpu).toBe(5 * unit);
  });
});
