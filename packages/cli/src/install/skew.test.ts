import { expect, test } from "vitest";
import { skewOf } from "./skew.ts";

test("a controller of the same minor version or the one below goes with this program, and no other", () => {
  expect(["0.2.0", "0.2.9", "0.1.0", "0.2.0-rc.1"].map((controller) => skewOf("0.2.3", controller))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(skewOf("0.3.0", "0.1.0")).toBe("it is too old for this program: plimsoll upgrade");
  expect(skewOf("1.0.0", "0.9.0")).toBe("it is too old for this program: plimsoll upgrade");
  expect(skewOf("0.2.0", "0.3.0")).toBe("it is newer than this program: take a newer plimsoll");
  expect(skewOf("0.2.0", "latest")).toBe('"latest" is no version that can be compared');
});
