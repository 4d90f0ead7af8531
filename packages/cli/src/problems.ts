import { formatPath, formatProblem, type Problem } from "@plimsoll/api";

/** A problem, and the file that it is in. */
export interface FileProblem extends Problem {
  file: string;
  /** Whether it is only worth knowing. */
  isNote?: boolean;
}

/** Prints problems as JSON to stdout where that is asked for, else to stderr, a line each. */
export function printProblems(format: string, problems: readonly FileProblem[]): void {
  if (format === "json") console.log(JSON.stringify(problems.map(dataOf), null, 2));
  else for (const problem of problems) console.error(formatProblem(problem.file, shown(problem)));
}

function shown({ isNote, message, ...problem }: FileProblem): FileProblem {
  return { ...problem, message: isNote ? `note: ${message}` : message };
}

function dataOf({ file, path, message, line, isNote = false }: FileProblem): object {
  return { file, line, field: formatPath(path), message, ...(isNote && { severity: "note" }) };
}
