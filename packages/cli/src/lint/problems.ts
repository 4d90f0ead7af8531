import { formatPath, formatProblem, problemRules, problemText, type Problem } from "@plimsoll/api";
import packageJson from "../../package.json" with { type: "json" };
import { locationIn, sarifLog } from "./sarif.ts";
import { visible } from "../output/visible.ts";

/** A problem, and the file that it is in. */
export interface FileProblem extends Problem {
  file: string;
  /** Whether it is only worth knowing. */
  isNote?: boolean;
}

/** Prints problems for programs to stdout where that is asked for, else to stderr, a line each. */
export function printProblems(format: string, problems: readonly FileProblem[]): void {
  if (format === "json") console.log(JSON.stringify(problems.map(dataOf), null, 2));
  else if (format === "sarif") console.log(JSON.stringify(sarifOf(problems, process.cwd()), null, 2));
  else if (format === "github") for (const problem of problems) console.log(annotation(problem));
  else for (const problem of problems) console.error(visible(formatProblem(problem.file, shown(problem))));
}

function shown({ isNote, message, ...problem }: FileProblem): FileProblem {
  return { ...problem, message: isNote ? `note: ${message}` : message };
}

function dataOf({ file, path, message, line, rule, isNote = false }: FileProblem): object {
  return { file, line, field: formatPath(path), message, rule, ...(isNote && { severity: "note" }) };
}

/** A workflow command of GitHub Actions, which puts the problem beside its line (docs.github.com, workflow commands). */
function annotation(problem: FileProblem): string {
  const { file, line, rule, isNote } = problem;
  const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string): string => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const place = [
    `file=${property(file)}`,
    ...(line === undefined ? [] : [`line=${line}`]),
    `title=${property(`plimsoll lint: ${rule ?? "problem"}`)}`,
  ];
  return `::${isNote ? "notice" : "error"} ${place.join(",")}::${escaped(problemText(problem).split("\n").map(visible).join("\n"))}`;
}

/** Problems as SARIF. `folder`: what paths are made relative to. */
function sarifOf(problems: readonly FileProblem[], folder: string): object {
  const rules = Object.entries(problemRules).map(([id, text]) => ({
    id,
    name: id,
    shortDescription: { text },
    defaultConfiguration: { level: "error" },
  }));
  return sarifLog(
    { name: "plimsoll lint", semanticVersion: packageJson.version, rules },
    problems.map((problem) => {
      const { file, line, rule = "field", isNote } = problem;
      return {
        ruleId: rule,
        ruleIndex: rules.findIndex(({ id }) => id === rule),
        level: isNote ? "note" : "error",
        message: { text: problemText(problem) },
        locations: [{ physicalLocation: locationIn(file, line, folder) }],
      };
    }),
  );
}
