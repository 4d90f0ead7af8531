import { expect, test } from "vitest";
import { parseOutputs } from "./outputs.ts";

test("outputs are lines of key=value, and what is none is named by its line", () => {
  const outputs = (text: string, limit = 4096) => parseOutputs({ text, limit });
  expect(outputs("a=1\n\nb=x=y\r\na=2\n")).toEqual({ a: "2", b: "x=y" });
  expect(outputs("a=one\rtwo\u2028three")).toEqual({ a: "one\rtwo\u2028three" });
  expect(() => outputs("a=1\nhello")).toThrow('line 2 of the outputs is "hello": write key=value');
  expect(outputs(`a=${"x".repeat(4093)}`)).toEqual({ a: "x".repeat(4093) });
  expect(() => outputs(`a=${"x".repeat(4094)}`)).toThrow(/take 4096 bytes or more, and their beginning is lost/);
  expect(() => outputs("a=1234", 6)).toThrow(/take 6 bytes or more, and what is before and behind a part of them is lost/);
});

test("what isn't UTF-8 is told as that, however long it has become, and a letter that was cut as too much", () => {
  const outputs = (text: string) => parseOutputs({ text, limit: 4096 });
  expect(() => outputs(`a=1\nb=${"\uFFFD".repeat(1_500)}`)).toThrow("line 2 of the outputs isn't UTF-8");
  expect(() => outputs("a=x\uFFFDy")).toThrow("line 1 of the outputs isn't UTF-8");
  expect(() => outputs(`\uFFFD\uFFFD${"x".repeat(4_096)}`)).toThrow(/their beginning is lost/);
  expect(() => outputs("\uFFFD=1")).toThrow("begin with what isn't UTF-8");
});
