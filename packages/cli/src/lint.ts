import {
  EncodingError,
  kinds,
  namesakesIn,
  ofRule,
  readManifests,
  unlistedIn,
  type Manifest,
  type Placed,
  type Problem,
} from "@plimsoll/api";
import { sparkTimingOf } from "@plimsoll/controller/spark-timing";
import { problemsOf as sparkProblemsOf } from "@plimsoll/features/spark/lint";
import { Command } from "commander";
import { UsageError } from "./failure.ts";
import { findingsIn } from "./findings.ts";
import { count, withFormat } from "./permissions/format.ts";
import { printProblems, type FileProblem } from "./problems.ts";
import { readText, unreadable } from "./source-text.ts";
import { summaries } from "./summaries.ts";
import { visible } from "./visible.ts";

/** `plimsoll lint`: what the controller would refuse, found without a cluster. */
export function lintCommand(): Command {
  return withFormat(new Command("lint"), "text", "json", "sarif", "github")
    .description(summaries.lint.description)
    .argument("<file...>", "YAML or JSON files, or - for standard input")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll lint examples/digits/pipeline.yaml\n  generate-pipeline | plimsoll lint -\n  plimsoll lint pipelines/*.yaml -o sarif > plimsoll.sarif\n\nExit code 2 when there is a problem. A note says what may be otherwise than it is meant, and is none.",
    )
    .action(async (given: string[], options: { output: string }) => {
      const files = [...new Set(given)];
      const found: FileProblem[] = [];
      const notes: FileProblem[] = [];
      const placed: Placed[] = [];
      for (const file of files) {
        const findings = await findingsOf(file);
        found.push(...findings.problems.map((problem) => ({ file, ...problem })));
        notes.push(...findings.notes.map((note) => ({ file, ...note, isNote: true })));
        placed.push(...findings.manifests.map((manifest) => ({ file, manifest })));
      }
      for (const { file, problem, isNote } of namesakesIn(placed)) (isNote ? notes : found).push({ file, ...problem, isNote });
      printProblems(
        options.output,
        [found, notes].flatMap((problems) => inOrder(problems, files)),
      );
      const where = files.length > mostNamed ? `${files.length} files` : visible(files.join(", "));
      if (found.length > 0) throw new UsageError(`${count(found.length, "problem")} in ${where}`);
      if (options.output === "text") console.log(`${where}: no problems`);
    });
}

/** More files aren't named one by one. */
const mostNamed = 3;

function inOrder(problems: readonly FileProblem[], files: readonly string[]): FileProblem[] {
  const places = new Map(files.map((file, index) => [file, index]));
  const placeOf = ({ file }: FileProblem): number => places.get(file) ?? 0;
  return problems.toSorted((a, b) => placeOf(a) - placeOf(b) || (a.line ?? 0) - (b.line ?? 0));
}

async function findingsOf(file: string): Promise<{ problems: Problem[]; notes: Problem[]; manifests: Manifest[] }> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    if (error instanceof EncodingError)
      return { problems: [{ path: [], message: error.message, line: error.line, rule: "yaml" }], notes: [], manifests: [] };
    return { problems: [{ path: [], message: unreadable(error), rule: "yaml" }], notes: [], manifests: [] };
  }
  const { manifests, parts, problems } = readManifests(text, kinds, (value) => sparkProblemsOf(value, sparkTimingOf));
  const found = [
    ...manifests.map(findingsIn),
    ...parts.map((part) => {
      const { problems, notes } = findingsIn(part);
      return { problems: problems.filter(part.isTheirs), notes: notes.filter(part.isTheirs) };
    }),
  ];
  const own = [...problems, ...found.flatMap(({ problems }) => problems), ...unlistedIn(manifests)];
  return {
    problems: ofRule("field", own),
    notes: ofRule(
      "field",
      found.flatMap(({ notes }) => notes),
    ),
    manifests,
  };
}
