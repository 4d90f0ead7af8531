import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readAny } from "./any.ts";
import { offsetOf, type ReadDocument, visitScalars } from "./outline.ts";
import { readSimple } from "./simple.ts";

const bits = [
  [
    "a",
    "b: ",
    "- ",
    "- - ",
    ": ",
    "? ",
    ", ",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    "\t",
    "# c",
    "---\n",
    "...\n",
    "--- a\n",
  ],
  ["'x'", '"a\\n"', "|\n  t", "|+\n  t\n\n", ">\n  t\n  u\n", ">-\n t", "x y", "é", "😀", "%", "<<", "&a ", "*a", "!t ", "@", "-"],
  ["\u0085", "\u2028", "\ufeff", '"a\n b\\\n  c"', "'a\n\n b'", '"\\x41\\u00e9"', "''", "k".repeat(1030)],
  ["1", "0x1F", "0o17", "010", "1e3", ".5", "-.inf", "~", "null", "TRUE", "no", "1_000", "+1", "1.", "12345678901234567890"],
].flat();
const whole = [
  "a: 1\nb:\n  - x\n  - y: |\n      t\n      u\n    z: 'q'\nc: {d: [1, two, \"three\"]}\n",
  "k: v # c\n\"q k\": >\n  fold\n  ed\n\n   more\n'x': plain\n  multi line\nseq:\n- a\n-\n  b: c\n- - d\n",
  '---\na: 1\n---\n{"b": [2.5, null, true], "c": {"d": "d\\u00e9"}}\n...\n---\n- c\n',
];

/** Texts of bits, and others in which bits stand somewhere. */
const texts = fc.oneof(
  fc.array(fc.constantFrom(...bits), { minLength: 1, maxLength: 9 }).map((some) => some.join("")),
  fc
    .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(99), fc.constantFrom("", ...bits), fc.nat(3)), { maxLength: 4 }))
    .map(([text, changes]) =>
      changes.reduce((changed, [at, bit, less]) => {
        const place = Math.floor((changed.length * at) / 100);
        return changed.slice(0, place) + bit + changed.slice(place + less);
      }, text),
    ),
);

test("what is read in the short way is what is read in the long one, with each part in the same line", () => {
  let taken = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const simple = readSimple(text);
      if (simple === undefined) return;
      taken += 1;
      const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
      const { documents, problems } = readAny(text, lineAt);
      expect({ problems, read: said(documents, lineAt) }).toEqual({ problems: [], read: said(simple, lineAt) });
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(taken).toBeGreaterThan(1000);
});

function said(documents: readonly ReadDocument[], lineAt: (offset: number) => number): unknown[] {
  return documents
    .filter(({ value }) => value !== null)
    .map(({ value, ...document }) => {
      const outline = document.outline();
      const plain: unknown[] = [];
      visitScalars(outline, ({ plain: text = "", offset }, _, isKey) => void (text !== "" && plain.push([text, lineAt(offset), isKey])));
      return { value, plain, lines: pathsOf(value).map((path) => [path, lineAt(offsetOf(outline, path))]) };
    });
}

/** Of all that is in a value, and of something in each part that isn't; but what is left out has no place of its own in the short way. */
function pathsOf(value: unknown): (string | number)[][] {
  if (value === null) return [[]];
  const parts: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()].filter(([, item]) => item !== null)
    : Object.entries(value instanceof Object ? value : {});
  return [[], ["missing"], ...parts.flatMap(([key, part]) => pathsOf(part).map((path) => [key, ...path]))];
}

test("digests, which hold what may look like a number, are for the short way", () => {
  expect(readSimple("image: busybox@sha256:1e4567\ncommit: a1e4567\n")?.map(({ value }) => value)).toEqual([
    { image: "busybox@sha256:1e4567", commit: "a1e4567" },
  ]);
});

test.each([
  ["an alias of nothing", "a: *a\n"],
  ["an alias of what it is in", "a: &a [*a]\n"],
  ["a tag", "a: !!str 1\n"],
  ["a directive", "%YAML 1.1\n---\na: yes\n"],
  ["a merge key", "a: {<<: {b: 1}}\n"],
  ["a key that is no text", "1: a\n"],
  ["a key twice", "a: 1\na: 2\n"],
  ["no YAML", "a: [\n"],
  ["a tab in an indentation", "a: |\n  b\n \t\nc: 1\n"],
  ["a number over all bounds", "a: 1e999\n"],
  ["dashes that look like the start of a document", "  --- a\n"],
])("%s is not for the short way", (_, text) => {
  expect(readSimple(text)).toBeUndefined();
});
