import { afterEach, expect, test, vi } from "vitest";
import { printProblems } from "./problems.ts";

const problems = [
  { file: "pipelines/a,b.yaml", path: ["spec", "steps", 0, "image"], message: "is 100%\nwrong", line: 7, rule: "image" as const },
  { file: "-", path: [], message: "the file is empty", rule: "yaml" as const },
];

afterEach(() => void vi.restoreAllMocks());

function printed(format: string): string {
  const log = vi.spyOn(console, "log").mockReturnValue();
  printProblems(format, problems);
  return log.mock.calls.flat().join("\n");
}

test("what would reorder or hide a line is written out", () => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const problem = { file: "a.yaml", path: ["spec", "a\u202e"], message: "is \u001b[31m" };
  printProblems("text", [problem]);
  expect(error.mock.calls).toEqual([["a.yaml: spec.a\\u{202e}: is \\u{1b}[31m"]]);
  const log = vi.spyOn(console, "log").mockReturnValue();
  printProblems("github", [problem]);
  expect(log.mock.calls).toEqual([["::error file=a.yaml,title=plimsoll lint%3A problem::spec.a\\u{202e}: is \\u{1b}[31m"]]);
});

test("GitHub's annotations have their own characters written out", () => {
  expect(printed("github").split("\n")).toEqual([
    "::error file=pipelines/a%2Cb.yaml,line=7,title=plimsoll lint%3A image::spec.steps[0].image: is 100%25%0Awrong",
    "::error file=-,title=plimsoll lint%3A yaml::the file is empty",
  ]);
});

test("SARIF has the rule and the line of each, and paths from the checkout's root", () => {
  const { runs } = JSON.parse(printed("sarif"));
  const [first, second] = runs[0].results;
  expect(first.locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "pipelines/a%2Cb.yaml", uriBaseId: "%SRCROOT%" },
    region: { startLine: 7 },
  });
  expect(runs[0].tool.driver.rules[first.ruleIndex].id).toBe("image");
  expect(second.locations[0].physicalLocation).toEqual({ artifactLocation: { uri: "stdin" } });
});

test("JSON has each with its sort", () => {
  expect(JSON.parse(printed("json"))[0]).toEqual({
    file: "pipelines/a,b.yaml",
    line: 7,
    field: "spec.steps[0].image",
    message: "is 100%\nwrong",
    rule: "image",
  });
});
