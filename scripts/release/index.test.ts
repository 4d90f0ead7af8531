import type { Release } from "@plimsoll/updater";
import { expect, test } from "vitest";
import { withRelease } from "./index.ts";

const release = (version: string, digit = "0"): Release => ({
  version,
  channel: "stable",
  date: "2026-11-27T00:00:00Z",
  chart: { url: `https://plimsoll.dev/plimsoll-${version}.tgz`, digest: `sha256:${digit.repeat(64)}` },
});
const expires = new Date("2027-02-25T00:00:00Z");

test("each list has a higher serial than the one before, all that was in it, and of a version the last", () => {
  const first = withRelease(undefined, release("0.1.0"), expires);
  const second = withRelease(first, release("0.2.0"), expires);
  const third = withRelease(second, release("0.2.0", "1"), expires);
  expect([first, second, third].map(({ serial }) => serial)).toEqual([1, 2, 3]);
  expect(third.releases).toEqual([release("0.1.0"), release("0.2.0", "1")]);
  expect(third.expires).toBe("2027-02-25T00:00:00.000Z");
});

test("what is no release is refused", () => {
  expect(() => withRelease(undefined, release("v0.1"), expires)).toThrow(/semantic version/);
});
