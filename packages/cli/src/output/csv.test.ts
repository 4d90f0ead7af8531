import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatCsv } from "./csv.ts";

test("what isn't known is empty, and numbers stand as they are", () => {
  expect(
    formatCsv(
      ["a", "b", "c"],
      [
        ["x", 1.5, undefined],
        ["", 0, -1],
      ],
    ),
  ).toBe("a,b,c\nx,1.5,\n,0,-1");
});

test("a spreadsheet takes no text for a formula", () => {
  expect(formatCsv(["a"], [["=1+1"], ["@x"], ["-2"], ['+"x"'], ["\t=x"], ["a=b"]])).toBe(`a\n'=1+1\n'@x\n'-2\n"'+""x"""\n'\t=x\na=b`);
});

/** As RFC 4180 has it. */
function read(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n\r]*))(,|\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\n") rows.push([]);
    if (end === "") break;
  }
  return rows;
}

test("any text is read as it was written", () => {
  const text = fc.string().map((text) => `x${text}`);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
      expect(read(formatCsv(["a", "b"], rows))).toEqual([["a", "b"], ...rows]);
    }),
  );
});
