import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { formatBytes, formatCpu, formatMoney, formatShare } from "./units.ts";

test("CPU and memory are written as kubectl writes them", () => {
  expect([0, 1, 250, 1_000, 1_500, 96_000].map(formatCpu)).toEqual(["0", "1m", "250m", "1", "1500m", "96"]);
  expect([0, 1, 1024 ** 2, 512 * 1024 ** 2, 10 * 1024 ** 3, 62.71 * 1024 ** 3].map(formatBytes)).toEqual([
    "0",
    "1Ki",
    "1Mi",
    "512Mi",
    "10Gi",
    "62.7Gi",
  ]);
  expect([formatCpu(undefined), formatBytes(undefined)]).toEqual(["", ""]);
});

test("money is written in units of its currency", () => {
  expect([formatMoney(96_000_000), formatMoney(1_234_567_890_123, 2)]).toEqual(["0.0960", "1234.57"]);
});

test("a share is told and drawn, as long for all, and no longer where it is more than the whole", () => {
  const shares = [0, 0.5, 1, 2.5].map((part) => formatShare(part, 1));
  expect(shares).toEqual(["  0% ········", " 50% ████····", "100% ████████", "250% ████████"]);
  expect(new Set(Array.from({ length: 101 }, (_, part) => stripVTControlCharacters(formatShare(part, 100)).length))).toEqual(new Set([13]));
  expect([formatShare(1, 0), formatShare(undefined, 1)]).toEqual(["", ""]);
});
