import { rightSizingPolicy, problemsIn, type RightSizingPolicy } from "@plimsoll/api";
import { assert, constantFrom, double, integer, option, property, record } from "fast-check";
import { expect, test } from "vitest";
import { recommend, type Current, type Known } from "./recommend.ts";
import { problemsOf, settingsOf } from "./settings.ts";

type Spec = RightSizingPolicy["spec"];

const mebi = 1024 ** 2;
const estimate = {
  target: { cpu: 200, memory: 100 * mebi },
  lower: { cpu: 100, memory: 80 * mebi },
  upper: { cpu: 400, memory: 200 * mebi },
};
const known: Known = { samples: 1_000, confidence: 60, estimate };
const asks = (requests: object, limits: object = {}): Current => ({
  requests: { ...requests },
  limits: { ...limits },
  isOptedOut: false,
  whole: [],
});
const generous = asks({ cpu: 1_000, memory: 1024 * mebi }, { cpu: 2_000, memory: 2048 * mebi });
const advise = (spec: Spec, current: Current = generous, of: Known = known) => recommend(of, current, settingsOf(spec, "app"), spec);

test("without a sample there is no recommendation, whatever was asked for", () => {
  expect(advise({}, generous, { samples: 0, confidence: 0, estimate: undefined })).toEqual({ reason: "NoSamples" });
});

test("below the least confidence there is no target", () => {
  const { reason, target, lower } = advise({ minConfidence: 61 });
  expect({ reason, target, lower }).toEqual({ reason: "Unsure", target: undefined, lower: { cpu: 100, memory: 80 * mebi } });
  expect(advise({ minConfidence: 60 }).reason).toBe("Recommended");
});

test("who has opted out gets none", () => {
  expect(advise({}, { ...generous, isOptedOut: true })).toEqual({ reason: "OptedOut" });
});

test.each<[string, Spec, object | undefined]>([
  ["stay in their ratio to the request", {}, { cpu: 400, memory: 200 * mebi }],
  ["stay as they are", { limits: "keep" }, { cpu: 2_000, memory: 2048 * mebi }],
  ["are removed", { limits: "remove" }, undefined],
  ["are a container's own matter", { containers: [{ name: "app", limits: "remove" }] }, undefined],
])("limits %s", (_, spec, limits) => {
  expect(advise(spec)).toMatchObject({ reason: "Recommended", target: { cpu: 200, memory: 100 * mebi } });
  expect(advise(spec).limits).toEqual(limits);
});

test("a request isn't raised above a limit that is kept", () => {
  const tight = asks({ cpu: 50, memory: 16 * mebi }, { memory: 64 * mebi });
  expect(advise({ limits: "keep" }, tight).target).toEqual({ cpu: 200, memory: 64 * mebi });
});

test("what asks for as much as a limit that is kept is left as it is, though bounds ask for more", () => {
  const tight = asks({ cpu: 100, memory: 64 * mebi }, { cpu: 100, memory: 64 * mebi });
  const bounds = { cpu: { min: "300m" }, memory: { min: "128Mi" } };
  expect(advise({ limits: "keep", bounds }, tight)).toMatchObject({ reason: "AtLimit", target: { cpu: 100, memory: 64 * mebi } });
  expect(advise({ bounds }, tight)).toMatchObject({ reason: "Recommended", target: { cpu: 300, memory: 128 * mebi } });
});

test("what asks for nearly as much as a limit that is kept is at its limit where more would be needed, and else close", () => {
  const tight = (cpu: number) => advise({ limits: "keep", resources: ["cpu"] }, asks({ cpu }, { cpu: 100 }));
  expect(tight(95)).toMatchObject({ reason: "AtLimit", target: { cpu: 95 } });
  expect(tight(90)).toMatchObject({ reason: "Recommended", target: { cpu: 100 } });
  expect(advise({ limits: "keep", resources: ["cpu"] }, asks({ cpu: 190 }, { cpu: 195 }))).toMatchObject({
    reason: "Close",
    target: { cpu: 190 },
  });
});

test.each<[string, Spec, object]>([
  ["at least", { bounds: { cpu: { min: "300m" }, memory: { min: "128Mi" } } }, { cpu: 300, memory: 128 * mebi }],
  ["at most", { bounds: { cpu: { max: "0.15" }, memory: { max: "64Mi" } } }, { cpu: 150, memory: 64 * mebi }],
  [
    "as the container's own bounds say, and else the policy's",
    { bounds: { cpu: { min: "300m", max: "400m" } }, containers: [{ name: "app", bounds: { cpu: { max: "350m" } } }] },
    { cpu: 300, memory: 100 * mebi },
  ],
])("bounds: %s", (_, spec, target) => {
  expect(advise(spec).target).toEqual(target);
});

test("only what is asked for is recommended for", () => {
  expect(advise({ resources: ["memory"] })).toEqual({
    reason: "Recommended",
    target: { memory: 100 * mebi },
    lower: { memory: 80 * mebi },
    upper: { memory: 200 * mebi },
    limits: { cpu: 2_000, memory: 200 * mebi },
  });
});

test("what is near enough is left as it is, unless bounds forbid it", () => {
  const near = asks({ cpu: 210, memory: 95 * mebi });
  expect(advise({}, near)).toMatchObject({ reason: "Close", target: { cpu: 210, memory: 95 * mebi } });
  expect(advise({ minChange: 1 }, near)).toMatchObject({ reason: "Recommended", target: { cpu: 200, memory: 100 * mebi } });
  expect(advise({ bounds: { cpu: { max: "205m" } } }, near)).toMatchObject({ target: { cpu: 200 } });
});

test("downOnly: more is never recommended, and that more would be needed is told", () => {
  const small = asks({ cpu: 50, memory: 50 * mebi });
  expect(advise({ downOnly: true }, small)).toMatchObject({ reason: "AtLeastCurrent", target: { cpu: 50, memory: 50 * mebi } });
  expect(advise({ downOnly: true })).toMatchObject({ reason: "Recommended", target: { cpu: 200 } });
  // What asks for nothing can't ask for less.
  expect(advise({ downOnly: true }, asks({}))).toMatchObject({ reason: "AtLeastCurrent", target: {} });
  expect(advise({ downOnly: true }, asks({ cpu: 1_000 }))).toMatchObject({ reason: "Recommended", target: { cpu: 200 } });
  expect(advise({ downOnly: true }, asks({ cpu: 1_000 })).target).not.toHaveProperty("memory");
});

test("what pods ask for as a whole isn't recommended for their containers", () => {
  expect(advise({}, { ...generous, whole: ["cpu", "memory"] })).toEqual({ reason: "PodLevel" });
  const { reason, target, upper } = advise({}, { ...generous, whole: ["cpu"] });
  expect({ reason, target, upper }).toEqual({ reason: "Recommended", target: { memory: 100 * mebi }, upper: { memory: 200 * mebi } });
});

test("what asks for nothing gets a target", () => {
  expect(advise({}, asks({}))).toMatchObject({ reason: "Recommended", target: { cpu: 200, memory: 100 * mebi } });
});

test("a target keeps to its bounds and is no more than a limit that goes with it", () => {
  const amount = integer({ min: 1, max: 10_000 });
  assert(
    property(
      record({
        use: double({ min: 0, max: 20_000, noNaN: true }),
        now: option(amount, { nil: undefined }),
        limit: option(amount, { nil: undefined }),
        limits: constantFrom("ratio" as const, "keep" as const, "remove" as const),
        downOnly: constantFrom(true, false),
        minChange: integer({ min: 0, max: 100 }),
        bounds: record({ min: integer({ min: 1, max: 500 }), more: integer({ min: 0, max: 5_000 }) }),
      }),
      ({ use, now, limit, limits, downOnly, minChange, bounds }) => {
        const spec: Spec = {
          limits,
          downOnly,
          minChange,
          resources: ["cpu"],
          bounds: { cpu: { min: `${bounds.min}m`, max: `${bounds.min + bounds.more}m` } },
        };
        const request = now === undefined || limit === undefined ? now : Math.min(now, limit);
        const current = asks(request === undefined ? {} : { cpu: request }, limit === undefined ? {} : { cpu: limit });
        const all = { cpu: use, memory: 0 };
        const advice = recommend(
          { samples: 1, confidence: 1, estimate: { target: all, lower: all, upper: all } },
          current,
          settingsOf(spec, "app"),
          spec,
        );
        if (downOnly && request === undefined) {
          expect(advice).toMatchObject({ reason: "AtLeastCurrent", target: {} });
          return;
        }
        const target = advice.target?.["cpu"] ?? NaN;
        expect(target).toBeLessThanOrEqual(Math.max(bounds.min + bounds.more, downOnly ? (request ?? 0) : 0));
        if (!downOnly && limits !== "keep") expect(target).toBeGreaterThanOrEqual(bounds.min);
        if (downOnly && request !== undefined) expect(target).toBeLessThanOrEqual(request);
        const next = advice.limits?.["cpu"];
        if (next !== undefined) expect(target).toBeLessThanOrEqual(next);
        if (limits === "keep") expect(next).toBe(limit);
      },
    ),
  );
});

test.each<[string, Spec, string]>([
  ["less than nothing", { bounds: { cpu: { min: "-1" } } }, "spec.bounds.cpu.min: must be more than nothing; for no bound, leave it out"],
  ["none", { bounds: { memory: { max: "0" } } }, "spec.bounds.memory.max: must be more than nothing; for no bound, leave it out"],
  [
    "of memory in thousandths",
    { bounds: { memory: { max: "500m" } } },
    'spec.bounds.memory.max: "500m" is a fraction of a byte: write memory as 500Mi or 1Gi',
  ],
  [
    "of less memory than a container takes",
    { bounds: { memory: { max: "64Ki" } } },
    "spec.bounds.memory.max: is 64Ki: no container starts with less than 4Mi",
  ],
  [
    "of CPU in memory's units",
    { bounds: { cpu: { max: "4Gi" } } },
    "spec.bounds.cpu.max: is 4Gi: CPU is counted in cores, as in 500m or 2",
  ],
  ["crossed", { bounds: { memory: { min: "1Gi", max: "512Mi" } } }, "spec.bounds.memory: min 1Gi is more than max 512Mi"],
  [
    "crossed with the policy's",
    { bounds: { cpu: { min: "1" } }, containers: [{ name: "app", bounds: { cpu: { max: "500m" } } }] },
    "spec.containers.0.bounds.cpu: min 1 is more than max 500m",
  ],
  [
    "of a container that stands there twice",
    { containers: [{ name: "app" }, { name: "app", ignore: true }] },
    'spec.containers.1.name: "app" stands there twice: give its settings once',
  ],
])("bounds that are %s are told", (_, spec, message) => {
  expect(problemsOf({ spec }).map((one) => `${one.path.join(".")}: ${one.message}`)).toEqual([message]);
  const [version] = rightSizingPolicy.versions;
  const policy = { apiVersion: "plimsoll.dev/v1alpha1", kind: "RightSizingPolicy", metadata: { name: "a" }, spec };
  expect(problemsIn(version.schema, policy)).toEqual([]);
});
