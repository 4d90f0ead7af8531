import { formatPath, type Path } from "./path.ts";

/** What is wrong with a user's input: where, what, and the way out. */
export interface Problem {
  /** Where it stands in the object. */
  path: Path;
  /** The line of the text that stands there, from 0. */
  within?: number;
  /** What is wrong and what to do. */
  message: string;
  /** The line of the file, from 1. */
  line?: number;
  /** Of what sort it is. */
  rule?: ProblemRule;
  /** The fields, each of a type of its own, that don't go together or name what isn't there: where one can't be read, it may be none. */
  by?: readonly string[];
}

/** The sorts of problems, by what finds them. */
export const problemRules = {
  yaml: "The text is YAML, and an object of a kind that Plimsoll knows.",
  "yaml-1.1": "What kubectl and Helm, which read YAML 1.1, take for another value is in quotes.",
  name: "Objects of one kind have names of their own.",
  field: "The fields are those of the kind, and hold what they should.",
  param: "The parameters have values of their types.",
  need: "The steps' names are their own, and what they need is there.",
  expression: "Expressions can be evaluated, and name what there is.",
  script: "A script names what runs it.",
  image: "An image has a name that container runtimes read.",
  "service-account": "What names a Pipeline, or a schedule, lists the ServiceAccounts that this names.",
  "manifest-kind": "What names a Pipeline, or a schedule, lists the kinds of objects that the steps of this make.",
  pod: "The API server and the kubelet take the pods.",
} as const;

/** One of these. */
export type ProblemRule = keyof typeof problemRules;

/** The same problems, of a sort where they have none yet. */
export function ofRule<P extends Problem>(rule: ProblemRule, problems: readonly P[]): P[] {
  return problems.map((problem) => ({ rule, ...problem }));
}

/** `pipeline.yaml:12: spec.steps[0].image: must be …`. */
export function formatProblem(file: string, problem: Problem): string {
  return `${file}${problem.line === undefined ? "" : `:${problem.line}`}: ${problemText(problem)}`;
}

/** `spec.steps[0].image: must be …`. */
export function problemText({ path, message }: Pick<Problem, "path" | "message">): string {
  return [formatPath(path), message].filter(Boolean).join(": ");
}

/** The first of some problems, and how many more there are; nothing of none. */
export function firstOfProblems([first, ...others]: readonly Problem[]): string {
  if (first === undefined) return "";
  return `${problemText(first)}${others.length > 0 ? ` (and ${others.length} more)` : ""}`;
}
