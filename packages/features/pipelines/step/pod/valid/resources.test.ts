import { expect, test } from "vitest";
import { resourceProblems } from "./resources.ts";

const problemsOf = (memory: string | number): string[] =>
  [...resourceProblems({ limits: { memory } }, new Set(), ["resources"])].map(({ path, message }) => `${path.join(".")} ${message}`);

test.each(["512m", "1", 512, "3Mi", "4194303"])("a limit of %s of memory is less than a container starts with", (memory) => {
  expect(problemsOf(memory)).toEqual([
    `resources.limits.memory is ${memory}: no container starts with less than 4Mi; Mi are mebibytes, and m thousandths of a byte`,
  ]);
});

test.each(["4Mi", "512M", "512Mi", "0"])("a limit of %s is in order", (memory) => {
  expect(problemsOf(memory)).toEqual([]);
});
