import { expect, test } from "vitest";
import { readDocuments } from "./documents.ts";
import { inYaml11, keyInYaml11 } from "./version-1.1.ts";

test.each<[string, unknown]>([
  ["yes", true],
  ["off", false],
  ["y", true],
  ["yEs", undefined],
  ["0755", 493n],
  ["-010", -8n],
  ["0o17", 15n],
  ["0x1F", 31n],
  ["0b11", 3n],
  ["08", 8],
  ["0", 0n],
  ["1_000", 1000n],
  ["18446744073709551615", 18446744073709551615n],
  ["18446744073709551616", Number("18446744073709551616")],
  ["+18446744073709551615", Number("18446744073709551615")],
  ["0777777777777777777777777", Number("777777777777777777777777")],
  ["0xFFFFFFFFFFFFFFFFFF", undefined],
  ["1_0.5", 10.5],
  ["._5", undefined],
  [".5_0", 0.5],
  [".5", 0.5],
  ["1e3", 1000],
  ["1e400", undefined],
  ["_1", undefined],
  ["1:30", undefined],
  ["2026-01-02", undefined],
  ["1.2.3", undefined],
  ["-.Inf", -Infinity],
  [".nan", NaN],
])("%s has its value in YAML 1.1", (text, value) => {
  expect(inYaml11(text)).toBe(value);
});

test.each<[string, boolean | bigint | number, string | undefined]>([
  ["true", true, "true"],
  ["2^63-1", 9223372036854775807n, "9223372036854775807"],
  ["2^63", 9223372036854775808n, undefined],
  ["1.0", 1, "1"],
  ["1.23456789", 1.23456789, "1.2345679"],
  ["1e6", 1e6, "1e+06"],
  ["1234567.5", 1234567.5, "1.2345675e+06"],
  ["0.0001", 0.0001, "0.0001"],
  ["0.00001", 0.00001, "1e-05"],
  ["1e100", 1e100, ".inf"],
  ["-.inf", -Infinity, "-.inf"],
])("of %s kubectl makes its key", (_, value, key) => {
  expect(keyInYaml11(value)).toBe(key);
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

test("what says that it is YAML 1.1 is read so by all, but not by kubectl", () => {
  expect(told("%YAML 1.1\n---\na: 0755\nb: off\n")).toEqual(["1: %YAML: kubectl reads no file with such a line: take it out"]);
});

test("a key that kubectl makes another of, or none, is named", () => {
  expect(told("9007199254740993: a\n.inf: b\n18446744073709551615: c\n1.5: d\n7: e\n1000000.0: f\n")).toEqual([
    "1: the key 9007199254740993 is 9007199254740992 in YAML 1.2, and 9007199254740993 to kubectl and Helm, which read YAML 1.1: put it in quotes",
    "2: the key .inf is Infinity in YAML 1.2, and .inf to kubectl and Helm, which read YAML 1.1: put it in quotes",
    "3: the key 18446744073709551615 is 18446744073709552000 in YAML 1.2, and none to kubectl and Helm, which read YAML 1.1: put it in quotes",
    "6: the key 1000000.0 is 1000000 in YAML 1.2, and 1e+06 to kubectl and Helm, which read YAML 1.1: put it in quotes",
  ]);
});

test("what ends a line only in YAML 1.1 is named", () => {
  expect(told('a: 1\nb: "x\u2028y"\n')).toEqual([
    "2: holds U+2028, which ends a line to kubectl and Helm, which read YAML 1.1: take it out, or write \\u2028 in double quotes",
  ]);
});

test("escapes that only JSON has are named, but in JSON", () => {
  expect(told('a: "a\\\\/b"\nb: "\\/"\nc: "\\ud83d\\ude00"\nd: \'\\/\'\n')).toEqual([
    "2: \\/ is an escape of JSON's, at which kubectl and Helm, which read YAML 1.1, refuse a YAML file: write / alone",
    "3: \\ud83d is an escape of JSON's, at which kubectl and Helm, which read YAML 1.1, refuse a YAML file: write the character itself, or \\U and its code with eight digits",
  ]);
  expect(told('{"a": "\\/\\ud83d\\ude00"}')).toEqual([]);
});
