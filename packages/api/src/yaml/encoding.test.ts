import { expect, test } from "vitest";
import { decodeText, EncodingError } from "./encoding.ts";

test.each([
  ["a: café 😀 \uFFFD\n", "a: café 😀 \uFFFD\n"],
  ["\uFEFFa: 1\n", "a: 1\n"],
  ["", ""],
])("%j in UTF-8 is a text", (text, read) => {
  expect(decodeText(Buffer.from(text))).toBe(read);
});

test.each([
  ["Latin-1", Buffer.from("a: 1\nb: é x\n", "latin1"), "is not UTF-8, by its byte 0xE9 at offset 8: save it as UTF-8", 2],
  ["cut off", Buffer.from("é").subarray(0, 1), "is not UTF-8, by its byte 0xC3 at offset 0: save it as UTF-8", 1],
  ["UTF-16, little end first", Buffer.from("\uFEFFa: 1\n", "utf16le"), "is UTF-16: save it as UTF-8", 1],
  ["UTF-16, big end first", Buffer.from("\uFEFFa: 1\n", "utf16le").swap16(), "is UTF-16: save it as UTF-8", 1],
])("%s is refused, with its place", (_, bytes, message, line) => {
  const read = (): string => decodeText(bytes);
  expect(read).toThrow(EncodingError);
  expect(read).toThrow(expect.objectContaining({ message, line }) as Error);
});
