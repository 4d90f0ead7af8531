import { formatPath, formatProblem, problemRules, type Problem } from "@plimsoll/api";
import packageJson from "../package.json" with { type: "json" };
import { locationIn } from "./sarif-location.ts";

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
  else for (const problem of problems) console.error(formatProblem(problem.file, shown(problem)));
}

function shown({ isNote, message, ...problem }: FileProblem): FileProblem {
  return { ...problem, message: isNote ? `note: ${message}` : message };
}

function dataOf({ file, path, message, line, rule, isNote = false }: FileProblem): object {
  return { file, line, field: formatPath(path), message, rule, ...(isNote && { severity: "note" }) };
}

/** A workflow command of GitHub Actions, which puts the problem beside its line (docs.github.com, workflow commands). */
function annotation({ file, path, message, line, rule, isNote }: FileProblem): string {
  const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string): string => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const place = [
    `file=${property(file)}`,
    ...(line === undefined ? [] : [`line=${line}`]),
    `title=${property(`plimsoll lint: ${rule ?? "problem"}`)}`,
  ];
  return `::${isNote ? "notice" : "error"} ${place.join(",")}::${escaped([formatPath(path), message].filter(Boolean).join(": "))}`;
}

/** Problems as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). `folder`: what paths are made relative to. */
function sarifOf(problems: readonly FileProblem[], folder: string): object {
  const rules = Object.entries(problemRules).map(([id, text]) => ({
    id,
    name: id,
    shortDescription: { text },
    defaultConfiguration: { level: "error" },
  }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "plimsoll lint", semanticVersion: packageJson.version, rules } },
        results: problems.map(({ file, path, message, line, rule = "field", isNote }) => ({
          ruleId: rule,
          ruleIndex: rules.findIndex(({ id }) => id === rule),
          level: isNote ? "note" : "error",
          message: { text: [formatPath(path), message].filter(Boolean).join(": ") },
          locations: [{ physicalLocation: locationIn(file, line, folder) }],
        })),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
}
