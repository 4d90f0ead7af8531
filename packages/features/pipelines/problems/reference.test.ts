import type { ProblemRule } from "@plimsoll/api";
import { expect, test } from "vitest";
import { examples } from "./examples.ts";
import { problemsOfExample } from "./reference.ts";

const all = (Object.entries(examples) as [ProblemRule, readonly string[]][]).flatMap(([rule, texts]) =>
  texts.map((text) => ({ rule, text })),
);

test.each(all)("lint finds a problem of the sort $rule in $text", ({ rule, text }) => {
  expect(problemsOfExample(text)).not.toEqual([]);
  expect(new Set(problemsOfExample(text).map((problem) => problem.rule))).toEqual(new Set([rule]));
});

test.each(all.flatMap(({ text }) => problemsOfExample(text).map(({ message }) => message)))("%s is well put", (message) => {
  expect(message).not.toMatch(/\b1 [a-z]+s\b(?!')/);
  expect(message).not.toMatch(/must be ,|  |[a-z]\.$/);
  // What it is stands there once.
  expect(message).not.toMatch(/^is [^:]+: (is|has|holds) /);
  expect(message.split(": ").filter((part, index, parts) => parts.indexOf(part) < index)).toEqual([]);
});
