import type { PipelineStatus, SizedTry } from "@plimsoll/api";
import { expect, test } from "vitest";
import { KnownTries } from "./known-tries.ts";
import { lastSized } from "./told-tries.ts";

const tried = (pod: string, more: Partial<SizedTry> = {}): SizedTry => ({
  try: 1,
  pod,
  memory: "64Mi",
  basis: "Nothing",
  peak: "10Mi",
  used: "100m",
  ...more,
});
const steps = new Set(["a", "b"]);

test("what one run has learned the next knows, by step and class, and again it is the same", () => {
  const first = new KnownTries();
  first.learn("a", tried("p1", { size: 5 }));
  first.learn("a", tried("p2", { class: "large", killed: true }));
  first.learn("b", tried("p3"));
  first.learn("gone", tried("p4"));
  const status = first.status(steps, 1_000);
  expect(status.sizing).toEqual({
    a: [
      { updatedAt: "1970-01-01T00:00:01.000Z", tries: [{ pod: "p1", size: 5, memory: "64Mi", peak: "10Mi", used: "100m" }] },
      {
        class: "large",
        updatedAt: "1970-01-01T00:00:01.000Z",
        tries: [{ pod: "p2", memory: "64Mi", peak: "10Mi", used: "100m", killed: true }],
      },
    ],
    b: [{ updatedAt: "1970-01-01T00:00:01.000Z", tries: [{ pod: "p3", memory: "64Mi", peak: "10Mi", used: "100m" }] }],
  });
  const next = new KnownTries(status);
  expect(next.hasOwn).toBe(false);
  expect(next.status(steps, 5_000)).toEqual(status);
  expect(next.of("a", undefined)).toEqual([{ size: 5, limit: 64 * 2 ** 20, memory: 10 * 2 ** 20, cpu: 100, wasKilled: false }]);
  expect(next.of("a", "small")).toEqual([]);
  next.learnFrom(first);
  expect(next.status(steps, 5_000)).toEqual(status);
});

test("of parallel runs, each adds its own to what the other has written", () => {
  const [one, other] = [new KnownTries(), new KnownTries()];
  one.learn("a", tried("p1"));
  other.learn("a", tried("p2"));
  const both = new KnownTries(one.status(steps, 1_000));
  both.learnFrom(other);
  expect(both.status(steps, 2_000).sizing?.["a"]?.[0]?.tries.map(({ pod }) => pod)).toEqual(["p1", "p2"]);
});

test("what a parallel run has learned counts, once, and is nothing to be written again", () => {
  const [one, other] = [new KnownTries(), new KnownTries()];
  one.learn("a", tried("p1"));
  other.learnFrom(one, false);
  other.learnFrom(one, false);
  expect([other.of("a", undefined).length, other.hasOwn]).toEqual([1, false]);
});

test("a hundred tries of a class are kept, twenty classes of a step, and 256 KiB of all: what is newest", () => {
  const known = new KnownTries();
  for (let index = 0; index < 150; index += 1) known.learn("a", tried(`p${index}`));
  expect(known.of("a", undefined)).toHaveLength(100);
  for (let index = 0; index < 30; index += 1) known.learn("b", tried(`q${index}`, { class: `class ${index}` }));
  const status = known.status(steps, 1_000);
  expect(status.sizing?.["a"]?.[0]?.tries[99]?.pod).toBe("p149");
  expect(status.sizing?.["b"]).toHaveLength(20);

  const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
  const many = new KnownTries();
  for (const name of names) for (let index = 0; index < 100; index += 1) many.learn(name, tried(`${name}-${index}`));
  expect(JSON.stringify(many.status(new Set(names), 0)).length).toBeLessThan(300 * 1024);
});

test("what was written by others and can't be is left out, and counted", () => {
  const good = { updatedAt: "2026-01-01T00:00:00Z", tries: [{ pod: "p", memory: "64Mi" }] };
  const bad = [
    { ...good, tries: [{ pod: "p", memory: "lots" }] },
    { ...good, tries: [{ pod: "p", memory: "-5Mi" }] },
    { ...good, tries: [{ pod: "p", memory: "0" }] },
    { ...good, tries: [{ pod: "p", memory: "64Mi", peak: "-1" }] },
    { ...good, tries: [{ memory: "64Mi" }] },
    { ...good, tries: {} },
    { ...good, class: 5 },
    "text",
    null,
  ];
  const known = new KnownTries({ sizing: { a: [good, ...bad], b: "nonsense" } } as unknown as PipelineStatus);
  expect(known.unread).toBe(bad.length + 1);
  expect(known.of("a", undefined)).toHaveLength(1);
  expect(Object.keys(known.status(steps, 0).sizing ?? {})).toEqual(["a"]);
  for (const sizing of [null, [], "x", 5]) expect(new KnownTries({ sizing } as unknown as PipelineStatus).hasOwn).toBe(false);
  known.learn("a", tried("edited", { peak: "much" }));
  expect(known.of("a", undefined)).toHaveLength(1);
});

test("the status of a run tells of fewer tries of each step, the more steps it has", () => {
  const tries = Array.from({ length: 150 }, (_, index) => tried(`p${index}`));
  expect([1, 20, 200, 2_000, 5_000].map((sizedCount) => lastSized({ sizedCount }, tries).length)).toEqual([100, 100, 10, 1, 0]);
});
