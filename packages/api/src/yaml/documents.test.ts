import { expect, test } from "vitest";
import { readDocuments } from "./documents.ts";
import { tooDeep } from "./mistakes.ts";

/** Aliases that stand for 2 ** 20 texts. */
const bomb = Array.from({ length: 20 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`).join("");

test("every place has the line that it stands in, a key with dots too, and what is lacking that of what encloses it", () => {
  const [first, second] = readDocuments(`# a comment
metadata:
  labels:
    a.b/c: d
---
- x
- y: {z: 1}
`).documents;
  expect(first?.value).toEqual({ metadata: { labels: { "a.b/c": "d" } } });
  expect([[], ["metadata", "labels", "a.b/c"], ["metadata", "name"], ["spec", "steps", 3]].map((path) => first?.lineOf(path))).toEqual([
    2, 4, 3, 2,
  ]);
  expect([[1, "y", "z"], [1, "y", "z", "deeper"], [7]].map((path) => second?.lineOf(path))).toEqual([7, 7, 6]);
});

test("what a map holds is found in the line of its key, though it begins below", () => {
  const [document] = readDocuments("a: 1\nspec:\n\n  steps:\n    - x: |\n        text\n").documents;
  expect([["spec"], ["spec", "steps"], ["spec", "steps", 0], ["spec", "steps", 0, "x"]].map((path) => document?.lineOf(path))).toEqual([
    2, 4, 5, 5,
  ]);
});

test.each(["", "t: !!str x\n"])("a line of a text that stands line by line is found, whichever way a text is read: %j", (more) => {
  const [document] = readDocuments(`a: |2-\n  one\n\n  three\nb: >\n  one\n  two\nc: "x\\ny"\n${more}`).documents;
  const lines = [["a"], ["b"], ["c"], ["d"]].map((path) => [document?.lineOf(path), document?.lineOf(path, 0), document?.lineOf(path, 2)]);
  expect(lines).toEqual([
    [1, 2, 4],
    [5, 5, 5],
    [8, 8, 8],
    [1, 1, 1],
  ]);
});

test("a merge key takes in what it names, as kubectl does", () => {
  expect(readDocuments("a: &a {x: 1}\nb: {<<: *a, y: 2}\n").documents[0]?.value).toEqual({ a: { x: 1 }, b: { x: 1, y: 2 } });
});

test.each([
  ["a: [\n", /^not YAML: /, 2],
  ["a: 1\nb: 2\na: 3\n", /^this key stands in its map twice: keep one of them$/, 3],
  ["\n---\nverbs: [*]\n", /a lone \* takes quotes/, 3],
  ["a: {{ .Values.b }}\n{{- end }}\n", /a template has to be rendered first/, 2],
  ["a: {{ .Values.b }}\n", /^a key that is a list or a map is none to kubectl: .* the :; a template has to be rendered first/, 1],
  ["b: 1\n? [a]\n: c\n", /^a key that is a list or a map is none to kubectl: a text must stand before the :$/, 2],
  ["a: 1\n---\nb: &b [*b]\n", /^not YAML that can be read: \*b stands for what it is in: write out what is meant$/, 3],
  ["a:\n  <<: x\n", /^not YAML that can be read: << takes in a map, or a list of maps: put it in quotes/, 2],
  ["a:\n  <<: [{b: 1}, 2]\n", /^not YAML that can be read: << takes in a map, or a list of maps/, 2],
  ["a:\n\tb: 1\n", /^not YAML: Tabs are not allowed as indentation: put spaces in their place$/, 2],
  ["if: !params.x\n", /^!params\.x is a tag to YAML, of nothing: put it in quotes, as it begins with !$/, 1],
  ["a: [echo, ${{ params.x }}]\n", /an expression takes quotes: "\$\{\{ params\.name \}\}"$/, 1],
  ["a: echo: x\n", /a text that holds a colon and a blank takes quotes/, 1],
  ['a: "x" == "y"\n', /takes others around the whole$/, 1],
  ["a: 1\nb: -.inf\n", /^-\.inf is no number to JSON, nor to kubectl: put it in quotes$/, 2],
  ["a: [.NaN]\n", /^\.NaN is no number to JSON/, 1],
  ["a: 1e400\n", /^1e400 is beyond all numbers of JSON's: put it in quotes$/, 1],
  ["a:\n  ~: 1\n", /^a key that is null is none to kubectl/, 2],
  ["a:\n  : 1\n", /^a key that is null is none to kubectl/, 2],
  ["a:\n  ? [b]\n  : 1\n", /^a key that is a list or a map is none to kubectl/, 2],
  ["a: !!float x\n", /^x is not what its tag says: write it without the tag, or in quotes$/, 1],
  ["a: !!binary /w==\n", /^not YAML: the bytes of this !!binary are no text in UTF-8/, 1],
  ["a: !!binary x_\n", /^not YAML: !!binary takes base64$/, 1],
  ['a: 1\nb: "x\0y"\n', /^holds the control character U\+0000: take it out, or write \\u0000 in double quotes$/, 2],
  ["a: x\x7f\n", /^holds the control character U\+007F/, 1],
  ['{\n  // b\n  "a": 1,\n}', /^JSON has no comments: take this one out, or begin it with #/, 2],
  ['/* b */ {"a": "//"}', /^JSON has no comments/, 1],
  ["a: 1\nb: [*c]\n", /^not YAML: \*c stands for nothing: put &c before what it should stand for, or quotes around \*c$/, 2],
  ["a:\n  <<: *c\n", /^not YAML: \*c stands for nothing/, 2],
  ["a: *c\nb: &c 1\n", /^not YAML: \*c stands for nothing/, 1],
])("%j is told once, with its line", (text, message, line) => {
  expect(readDocuments(text).problems).toEqual([{ path: [], message: expect.stringMatching(message) as string, rule: "yaml", line }]);
});

test.each([
  [
    "an alias bomb",
    `a0: &a0 [x, x]\n${bomb}`,
    "not YAML that can be read: aliases stand for more than kubectl takes: write out what is meant",
  ],
  ["lists without an end", `a:\n  ${"[".repeat(20_000)}`, tooDeep],
  ["maps of JSON in one another", `{\n${'"a":{'.repeat(1100)}${"}".repeat(1101)}`, tooDeep],
])("%s: one problem", (_, text, message) => {
  expect(readDocuments(text).problems).toEqual([{ path: [], message, rule: "yaml", line: 2 }]);
});

test("an item that begins as a comment of JavaScript's would, and 240 lists in one another, are in order", () => {
  const text = `{"deps": [//b, ${"[".repeat(240)}${"]".repeat(240)}]}`;
  expect(readDocuments(text)).toMatchObject({ documents: [{ value: { deps: ["//b", expect.any(Array)] } }], problems: [] });
});
test("tags, byte order marks and lone carriage returns are read as by kubectl", () => {
  const text =
    "\uFEFFa: !!binary aGVsbG8=\rb: !!set {x, y}\rc: !!timestamp 2026-01-02\nd: !!omap [x: 1]\n---\n\uFEFFe: !own 5\nf: !!float 3\n...\n%YAML 1.1\n---\n[12:30, 1_000]\n";
  expect(readDocuments(text).documents.map(({ value }) => value)).toEqual([
    { a: "hello", b: { x: null, y: null }, c: "2026-01-02", d: [{ x: 1 }] },
    { e: "5", f: 3 },
    ["12:30", 1000],
  ]);
});

test("JSON texts that stand one after the other are documents, each with its lines", () => {
  const { documents, problems } = readDocuments('{"a": "}{"}\n{\n  "b": [1]}{"c":\n2}\n');
  expect(documents.map(({ value, lineOf }) => [value, lineOf(Object.keys(value as object))])).toEqual([
    [{ a: "}{" }, 1],
    [{ b: [1] }, 3],
    [{ c: 2 }, 3],
  ]);
  expect(problems).toEqual([]);
});

test("an item that is left out of a list has a line of its own", () => {
  const [document] = readDocuments("a:\n  - x\n  - # none\n  -\n  - y\n").documents;
  expect([0, 1, 2, 3].map((index) => document?.lineOf(["a", index]))).toEqual([2, 3, 4, 5]);
});

test("an expression in a pipeline is not taken for a template of Helm", () => {
  expect(readDocuments('a: ["${{ b }}"\n').problems[0]?.message).not.toMatch(/template/);
});

test("one document that cannot be read leaves the others", () => {
  const { documents, problems } = readDocuments("a: [\n---\nb: 1\n---\n# nothing\n---\nnull\n");
  expect([documents.map(({ value }) => value), problems.length]).toEqual([[{ b: 1 }], expect.any(Number)]);
});

const many = (count: number, alias: string): string => Array.from({ length: count }, () => alias).join(", ");

test.each([
  ["a list", `a: &a [1, 2]\nb: [${many(500, "*a")}]\n`],
  ["a merge key", `a: &a {x: 1}\nb: [${many(500, "{<<: *a}")}]\n`],
])("what is named by an anchor may stand in five hundred places: %s", (_, text) => {
  expect(readDocuments(text).problems).toEqual([]);
});

test.each(["", "? !!str t\n"])("aliases that stand for more than kubectl takes are refused, whichever way a text is read", (tag) => {
  const bomb = [
    "a: &a [1, 1, 1]",
    ...[..."bcdefghijklm"].map((name, index) => `${name}: &${name} [${many(9, `*${"abcdefghijkl"[index]}`)}]`),
  ];
  expect(readDocuments(`${tag}${bomb.join("\n")}\n`).problems[0]?.message).toBe(
    "not YAML that can be read: aliases stand for more than kubectl takes: write out what is meant",
  );
});
