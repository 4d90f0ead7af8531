import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lines } from "./lines.ts";

test("however a text is cut into chunks, the same lines come out", async () => {
  const text = fc
    .array(
      fc.string({ unit: "binary" }).map((line) => line.replaceAll("\n", " ")),
      { minLength: 1 },
    )
    .map((all) => all.join("\n"));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat({ max: 40 })), async (text, cuts) => {
      const bytes = Buffer.from(text);
      const expected = bytes.toString().split("\n");
      if (expected.at(-1) === "") expected.pop();
      expect(await Array.fromAsync(lines(chunked(bytes, cuts)))).toEqual(expected);
    }),
  );
});

test("a line of many small chunks takes linear time", async () => {
  const chunk = Buffer.alloc(64, "x");
  const count = 100_000;
  async function* trickle() {
    for (let i = 0; i < count; i++) yield chunk;
  }
  const [line] = await Array.fromAsync(lines(trickle()));
  expect(line).toHaveLength(count * 64);
});

async function* chunked(bytes: Buffer, cuts: number[]) {
  let start = 0;
  for (const size of cuts) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}
