import { expect, test } from "vitest";
import { parseOutputs } from "./outputs.ts";

test("outputs are lines of key=value, and what is none is named by its line", () => {
  const outputs = (text: string, limit = 4096) => parseOutputs({ text, limit });
  expect(outputs("a=1\n\nb=x=y\r\na=2\n")).toEqual({ a: "2", b: "x=y" });
  expect(outputs("a=one\rtwo\u2028three")).toEqual({ a: "one\rtwo\u2028three" });
  expect(() => outputs("a=1\nhello")).toThrow('line 2 of the outputs is "hello": write key=value');
  expect(outputs(`a=${"x".repeat(4093)}`)).toEqual({ a: "x".repeat(4093) });
  expect(() => outputs(`a=${"x".repeat(4094)}`)).toThrow(/take 4096 bytes or more/);
  expect(() => outputs("a=1234", 6)).toThrow(/take 6 bytes or more/);
});
