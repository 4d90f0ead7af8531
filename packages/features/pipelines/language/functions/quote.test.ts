import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toCel } from "../cel.ts";
import { parseExpression } from "../expression.ts";
import { Meter } from "../meter.ts";

const quote = (value: unknown): unknown => parseExpression("quote(value)").evaluate({ value: toCel(value) }, new Meter());

/** The words that a real shell makes of a text. */
function wordsOf(text: unknown): string[] {
  const out = execFileSync("/bin/sh", ["-c", `set -- ${String(text)}\nfor word; do printf '%s\\0' "$word"; done`], {
    encoding: "utf8",
    env: { HOME: "/secret" },
  });
  return out.split("\0").slice(0, -1);
}

const nasty = [
  "",
  " ",
  "\n",
  "two\nlines\n",
  "-n",
  "--help",
  "it's",
  "''",
  "'\\''",
  '"',
  "\\",
  "\\'",
  "$(echo run)",
  "`echo run`",
  "$HOME ${HOME}",
  "~",
  "*",
  "a;b&c|d>e<f#g!h",
  "a  b\tc",
  "é 日本 🚢",
  "\r\u0001\u007f",
];

test.each(nasty)("a shell reads %j as one word, unchanged", (text) => {
  expect(wordsOf(quote(text))).toEqual([text]);
});

test("a list becomes a word for each of its entries", () => {
  expect(wordsOf(quote(nasty))).toEqual(nasty);
  expect(quote(["a b", "it's"])).toBe(String.raw`'a b' 'it'\''s'`);
  expect(quote([])).toBe("");
});

test("any texts reach a shell unchanged", () => {
  const word = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      expect(wordsOf(quote(words))).toEqual(words);
    }),
    { numRuns: 20 },
  );
});

test.each<[value: unknown, word: string]>([
  [7, "7"],
  [2.5, "2.5"],
  [true, "true"],
  [null, "null"],
  [{ a: ["it's", 1] }, `{"a":["it's",1]}`],
])("%j is the word %s", (value, word) => {
  expect(wordsOf(quote(value))).toEqual([word]);
});

test("a list or map within a list is one word, in JSON", () => {
  expect(wordsOf(quote([["a b", "c"], { d: 1 }, 2, false]))).toEqual(['["a b","c"]', '{"d":1}', "2", "false"]);
});

test("a NUL character, which can't be in a shell's word, is an error that says so", () => {
  expect(() => quote("a\0b")).toThrow("`quote(value)`: quote: the text holds a NUL character, which no word of a shell can hold");
  expect(() => quote(["a", "\0"])).toThrow("NUL");
});

test("what no shell can be given is an error", () => {
  expect(() => parseExpression("quote(b'x')").evaluate({}, new Meter())).toThrow("the value is bytes");
});

test("quotes beyond all measure are refused before they fill the memory", () => {
  const value = "'".repeat(2 ** 24 + 1);
  expect(() => parseExpression("quote(value + value)").evaluate({ value }, new Meter())).toThrow("go through more than");
});
