import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { quote } from "./quote.ts";

/** The words that a shell makes of a text. */
const words = (text: string): string[] =>
  execFileSync("/bin/sh", ["-c", `for word in ${text}; do printf '%s\\0' "$word"; done`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);

test("a shell takes a quoted value for what it is, and runs nothing of it", () => {
  const nasty = ["", "'", "''\\''", "$(touch /tmp/x)", "`id`", "$HOME ${HOME}", "a\nb", "-rf", "*", "~", "\\", "!", "é", "; rm -rf ."];
  for (const text of nasty) expect(words(quote(text))).toEqual([text]);
  expect(words(quote(nasty))).toEqual(nasty);
  expect(words(quote([1, true, { a: "b'c" }]))).toEqual(["1", "true", `{"a":"b'c"}`]);
  const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((value) => !value.includes("\0"));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (values) => {
      expect(words(quote(values))).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

test("what no word can hold is refused", () => {
  expect(() => quote("a\0b")).toThrow("quote: the value holds a NUL character");
});
