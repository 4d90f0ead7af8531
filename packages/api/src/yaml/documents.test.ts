import { expect, test } from "vitest";
import { readDocuments } from "./documents.ts";

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
  ["a: 1\n---\nb: &b [*b]\n", /^not YAML that can be read: an alias stands for what it is in$/, undefined],
  ["a: 1\nb: [*c]\n", /^not YAML: \*c stands for nothing: put &c before what it should stand for, or quotes around \*c$/, 2],
  ["a:\n  <<: *c\n", /^not YAML: \*c stands for nothing/, 2],
  ["a: *c\nb: &c 1\n", /^not YAML: \*c stands for nothing/, 1],
])("%j is told with its line", (text, message, line) => {
  const { problems } = readDocuments(text);
  expect(problems[0]).toEqual({ path: [], message: expect.stringMatching(message) as string, rule: "yaml", ...(line && { line }) });
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
