import { expect, test } from "vitest";
import { parseRecord } from "./record.ts";

test("entries are read, and what is none is left out", () => {
  const good = { phase: "Succeeded", outputs: { x: "1" } };
  expect(parseRecord(JSON.stringify({ a: good, b: { phase: "Odd" }, c: 1 }))).toEqual({ a: good });
  for (const text of ["", "[", "null", "7", '"x"']) expect(parseRecord(text)).toEqual({});
});
