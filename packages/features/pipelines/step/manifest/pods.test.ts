import { problemText } from "@plimsoll/api";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { refused, taken } from "./pods.cases.ts";
import { podProblemsOf } from "./pods.ts";

const told = (text: string): string[] => podProblemsOf(parse(text) as object, ["manifest"]).map(problemText);

test.each(taken)("of %s nothing is told", (text) => {
  expect(told(text)).toEqual([]);
});

test.each(refused)("of %s is told", (text, message) => {
  expect(told(text)).toEqual([message]);
});
