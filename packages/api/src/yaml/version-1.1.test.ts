import { expect, test } from "vitest";
import { readDocuments } from "./documents.ts";
import { inYaml11 } from "./version-1.1.ts";

test.each<[string, unknown]>([
  ["yes", true],
  ["off", false],
  ["y", true],
  ["yEs", undefined],
  ["0755", 493],
  ["-010", -8],
  ["0o17", 15],
  ["0x1F", 31],
  ["0b11", 3],
  ["08", 8],
  ["0", 0],
  ["1_000", 1000],
  ["1_0.5", 10.5],
  ["1e3", 1000],
  ["1e400", undefined],
  ["_1", undefined],
  ["1:30", undefined],
  ["2026-01-02", undefined],
  ["1.2.3", undefined],
])("%s is %j to YAML 1.1", (text, value) => {
  expect(inYaml11(text)).toBe(value);
});

const told = (text: string): string[] =>
  readDocuments(text)
    .documents.flatMap(({ ambiguities }) => ambiguities)
    .map(({ line, message }) => `${line}: ${message}`);

test("a scalar that kubectl would read otherwise is named, with its line, and what it is to each", () => {
  expect(told("a: no\nb: [0755, 1_000]\nc: {y: 1}\n")).toEqual([
    "1: no is a text in YAML 1.2, and false to kubectl and Helm, which read YAML 1.1: put it in quotes, or write false",
    "2: 0755 is 755 in YAML 1.2, and 493 to kubectl and Helm, which read YAML 1.1: put it in quotes, or write 493",
    "2: 1_000 is a text in YAML 1.2, and 1000 to kubectl and Helm, which read YAML 1.1: put it in quotes, or write 1000",
    "3: the key y is a text in YAML 1.2, and true to kubectl and Helm, which read YAML 1.1: put it in quotes",
  ]);
});

test("what is in quotes, tagged or the same to both is in order", () => {
  expect(
    told(`a: "no"\nb: 'y'\nc: !!str no\nd: [true, 10, 0, 0x1F, 0o17, 1e3, .5, null, ~, nope, 08]\ne: |\n  yes\n"on": {"y": 2}\n`),
  ).toEqual([]);
});

test("what says that it is YAML 1.1 is read so by all", () => {
  expect(told("%YAML 1.1\n---\na: 0755\nb: off\n")).toEqual([]);
});
