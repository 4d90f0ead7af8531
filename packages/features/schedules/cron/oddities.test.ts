import { expect, test } from "vitest";
import { notesOf } from "./oddities.ts";
import { timingOf } from "./timing.ts";

function notesOn(cron: string): string[] {
  const read = timingOf({ cron: [cron] });
  if ("problems" in read) throw new Error(`${cron} is no cron expression`);
  return notesOf(read.timing, Date.parse("2027-01-01T00:00:00Z")).map(({ message }) => message);
}

test.each(["29", "30", "31"])("the last day of months by its number, %s, isn't in all of them", (day) => {
  expect(notesOn(`0 5 ${day} * *`)).toEqual([`"0 5 ${day} * *": a month without a day ${day} has no run: the last day of each month is L`]);
});

test.each(["0 5 28 * *", "0 5 L * *", "*/15 * * * 1-5"])("nothing is told of %s", (cron) => {
  expect(notesOn(cron)).toEqual([]);
});
