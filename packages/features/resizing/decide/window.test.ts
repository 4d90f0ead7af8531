import { expect, test } from "vitest";
import { openness, type Recurrence } from "./window.ts";

const hour = 3_600_000;
/** At each hour that `cron` names, in a day of its own. */
const daily = (at: number): Recurrence => {
  const day = 24 * hour;
  return {
    next: (after) => Math.floor((after - at * hour) / day) * day + day + at * hour,
    previous: (before) => Math.ceil((before - at * hour) / day) * day - day + at * hour,
  };
};
const recurrenceOf = ({ cron }: { cron: string }) => ({ recurrence: daily(Number(cron)) });
const with_ = (windows: { cron: string; duration: string }[] | undefined) => ({ spec: windows === undefined ? {} : { windows } }) as never;

test.each([
  ["without windows, always", undefined, 12, { isOpen: true, until: undefined }],
  ["as it opens", [{ cron: "22", duration: "4h" }], 22, { isOpen: true, until: 26 * hour }],
  ["past midnight", [{ cron: "22", duration: "4h" }], 25, { isOpen: true, until: 26 * hour }],
  ["as it closes", [{ cron: "22", duration: "4h" }], 26, { isOpen: false, until: 46 * hour }],
  [
    "while one of two is open",
    [
      { cron: "1", duration: "1h" },
      { cron: "12", duration: "2h" },
    ],
    13,
    { isOpen: true, until: 14 * hour },
  ],
  [
    "until the next of two",
    [
      { cron: "1", duration: "1h" },
      { cron: "12", duration: "2h" },
    ],
    15,
    { isOpen: false, until: 25 * hour },
  ],
])("a policy is applied %s", (_, windows, at, expected) => {
  expect(openness(with_(windows), recurrenceOf, at * hour)).toEqual(expected);
});
