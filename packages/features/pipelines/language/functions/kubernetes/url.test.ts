import { expect, test } from "vitest";
import { parseExpression } from "../../expression.ts";
import { Meter } from "../../meter.ts";

test("a key's values stand in their order", () => {
  const query = 'url("https://x/?a=1&b=2&a=3&a=%zz&a=x;y&a").getQuery()';
  expect(parseExpression(query).evaluate({}, new Meter())).toEqual({ a: ["1", "3", ""], b: ["2"] });
});

test("what a query is read for is counted", () => {
  const url = `https://x/?${"a=1&".repeat(1000)}`;
  const shareOf = (source: string): number => {
    const meter = new Meter();
    parseExpression(source).evaluate({ url }, meter);
    return meter.share;
  };
  expect(shareOf("size(url(url).getQuery())") - shareOf("size(url(url).getHost())")).toBeGreaterThan(3990 / 2 ** 26);
});
