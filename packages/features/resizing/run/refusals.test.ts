import { FakeClock } from "@plimsoll/kube/testing";
import { expect, test } from "vitest";
import { Refusals } from "./refusals.ts";

test("what was refused counts for ten minutes from the last time, and is forgotten then also of what nobody asks for any more", () => {
  const clock = new FakeClock();
  const refusals = new Refusals(clock);
  for (const uid of ["a", "b", "c"]) refusals.set(uid, `no ${uid}`);
  clock.spend(6 * 60_000);
  refusals.set("a", "no, again");
  refusals.forget("b");
  expect(refusals.of(["a", "b", "c", "d"])).toEqual(
    new Map([
      ["a", { message: "no, again", until: 16 * 60_000 }],
      ["c", { message: "no c", until: 10 * 60_000 }],
    ]),
  );
  clock.spend(4 * 60_000);
  expect([refusals.of(["c"]).size, refusals.size]).toEqual([0, 1]);
  clock.spend(6 * 60_000);
  expect([refusals.of([]).size, refusals.size]).toEqual([0, 0]);
});
