import { describe, expect, test } from "vitest";
import { Sizing, UsageHistory } from "./history.ts";
import { closeSettings } from "./settings.ts";

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);
const close = new Sizing(closeSettings);

describe("memory that is followed", () => {
  const mebi = 2 ** 20;
  /** What is known after so many hours, a sample every ten minutes of what is used then. */
  const after = (hours: number, use: (hour: number) => number): UsageHistory => {
    const history = new UsageHistory(close);
    for (let sample = 0; sample < hours * 6; sample++) {
      const at = start + sample * 10 * minute;
      history.sample("a", at, { cpu: 100, memory: Math.round(use(sample / 6)) * mebi }, at);
    }
    return history;
  };
  const targetOf = (history: UsageHistory): number => (history.estimate().memory?.target ?? NaN) / mebi;

  test("is a little more than what is used and what it rises by in an hour: of a leak, up, and down when it is started anew", () => {
    const leak = (hour: number): number => 500 + 20 * (hour % 100);
    expect(targetOf(after(99, leak))).toBeGreaterThan(leak(98.9) + 20);
    expect(targetOf(after(99, leak))).toBeLessThan((leak(98.9) + 20) * 1.1);
    expect(targetOf(after(104, leak))).toBeLessThan(650);
  });

  test("is not followed where it rises by leaps", () => {
    const leaps = (hour: number): number => (hour % 12 < 1 ? 2_000 : 300);
    expect(targetOf(after(102, leaps))).toBeGreaterThan(2_000);
  });

  test("nor before a day of it is known, nor while a kill is in the running window", () => {
    const steady = (): number => 500;
    expect(targetOf(after(20, steady))).toBeGreaterThan(600);
    const history = after(99, steady);
    expect(targetOf(history)).toBeLessThan(540);
    const now = start + 99 * 60 * minute;
    history.oom("a", now, 600 * mebi, now);
    expect(targetOf(history)).toBeGreaterThan(720);
  });
});
