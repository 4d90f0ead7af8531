import { expect, test } from "vitest";
import { Contest } from "./contest.ts";

const minute = 60_000;

test("of two that hold something else for right, each writes ever more rarely, and it is told from the third time on", () => {
  let now = 0;
  let [version, part] = [1, ""];
  const clock = { monotonic: () => now };
  const sides = ["a", "b"].map((holds) => ({ holds, contest: new Contest(clock), writes: 0, told: 0 }));
  for (; now < 120 * minute; now += 100)
    for (const side of sides) {
      const { left, isContested } = side.contest.seen("uid", `${version}`, () => part);
      if (isContested) side.told += 1;
      if (left > 0 || part === side.holds) continue;
      [version, part] = [version + 1, side.holds];
      side.writes += 1;
      side.contest.wrote("uid", `${version}`, part);
    }
  for (const { writes, told } of sides) {
    expect(writes).toBeLessThan(20);
    expect(told).toBeGreaterThan(5);
  }
});

test("what others write beside that contests nothing, a single edit is set right after a moment, and what was long ago counts no more", () => {
  let now = 0;
  const contest = new Contest({ monotonic: () => now });
  expect(contest.seen("uid", "1", () => "theirs")).toEqual({ left: 0, isContested: false });
  contest.wrote("uid", "2", "own");
  expect(contest.seen("uid", "3", () => "own")).toEqual({ left: 0, isContested: false });
  for (let edits = 1; edits <= 5; edits += 1) {
    expect(contest.seen("uid", `${edits}0`, () => "edited")).toEqual({ left: 1_000, isContested: false });
    // Once more before it is set right.
    expect(contest.seen("uid", `${edits}1`, () => "edited again")).toEqual({ left: 1_000, isContested: false });
    now += 1_000;
    expect(contest.seen("uid", `${edits}1`, () => "edited again").left).toBe(0);
    contest.wrote("uid", `${edits}2`, "own");
    now += 90 * minute;
  }
});
