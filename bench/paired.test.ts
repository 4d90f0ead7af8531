import { expect, test } from "vitest";
import { paired } from "./paired.ts";
import type { Row } from "./table.ts";

const chain = (wall: number, mean: number): Row[] => [
  { what: "a chain", value: wall, unit: "s", aim: "< 2 s", reached: wall < 2 },
  { what: "  mean", value: mean },
];

test("each figure is the median of its measurements, beside the baseline's", () => {
  const ours = [chain(3, 5), chain(1, 6), chain(1.5, 7)];
  const theirs = [chain(4, 1), chain(8, 2), chain(6, 3)];
  expect(paired(ours, theirs)).toEqual([
    { what: "a chain", value: 1.5, unit: "s", aim: "< 2 s", reached: true, baseline: 6 },
    { what: "  mean", value: 6, baseline: 2 },
  ]);
});

test("figures of the same name are those of the figure that they stand under", () => {
  const of = (first: number, second: number): Row[] => [
    { what: "narrow", value: 0 },
    { what: "  mean", value: first },
    { what: "wide", value: 0 },
    { what: "  mean", value: second },
  ];
  expect(paired([of(1, 2)], [of(3, 4)]).map(({ baseline }) => baseline)).toEqual([0, 3, 0, 4]);
});

test("the same name again under the same figure is told apart by its number", () => {
  const twice = (first: number, second: number): Row[] => [
    { what: "x", value: first },
    { what: "x", value: second },
  ];
  expect(paired([twice(1, 2)], [twice(3, 4)]).map(({ baseline }) => baseline)).toEqual([3, 4]);
});

test("what the baseline lacks, and what is no number there, has nothing beside it", () => {
  const rows = paired([[...chain(1, 1), { what: "who", value: "me" }]], [[{ what: "who", value: "you" }]]);
  expect(rows.map(({ baseline }) => baseline)).toEqual([undefined, undefined, undefined]);
});
