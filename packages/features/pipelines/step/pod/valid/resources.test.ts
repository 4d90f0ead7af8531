import { expect, test } from "vitest";
import { dnsProblems } from "./dns.ts";
import { amountProblems } from "./env.ts";
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

test("storage is a volume's, and no container's", () => {
  const problems = [...resourceProblems({ requests: { storage: "1Gi" } }, new Set(), [])];
  expect(problems.map(({ path, message }) => [path, message])).toEqual([
    [["requests", "storage"], expect.stringContaining("there is no such resource")],
  ]);
});

test.each([
  ["limits.cpu", ["1", "1m", "1.0", "1000m", "0.001", "0", 1], ["+1", "01", "1e0", "1e-3", "1k", "+1m", "1u"]],
  ["limits.memory", ["1Mi", "1.0Mi", "1024Ki", "1000k", "1M", "1E", 1], ["+1Mi", "1048576", "1e6", "+1M", "01Mi"]],
])("of divisors of %s the API server takes %j and not %j", (resource, taken, refused) => {
  const known = (divisor: string | number): number => [...amountProblems({ resource, divisor }, [])].length;
  for (const divisor of taken) expect([divisor, known(divisor)]).toEqual([divisor, 0]);
  for (const divisor of refused) expect([divisor, known(divisor)]).toEqual([divisor, 1]);
});

test.each([
  [["a.b", "_a._b", "a_b", "a.", "."], 0],
  [["-0", "__a", "a_", "a.-b", "_"], 5],
])("of the domains %j, %i can't be searched", (searches, count) => {
  expect([...dnsProblems({ searches }, undefined, [])]).toHaveLength(count);
});
