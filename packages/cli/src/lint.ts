import { EncodingError, kinds, readManifests, unlistedIn, type Problem } from "@plimsoll/api";
import { sparkTimingOf } from "@plimsoll/controller/spark-timing";
import { problemsOf as sparkProblemsOf } from "@plimsoll/features/spark/lint";
import { messageOf } from "@plimsoll/kube/message";
import { Command } from "commander";
import { UsageError } from "./failure.ts";
import { findingsIn } from "./findings.ts";
import { count, withFormat } from "./permissions/format.ts";
import { printProblems, type FileProblem } from "./problems.ts";
import { readText } from "./source-text.ts";
import { summaries } from "./summaries.ts";

/** `plimsoll lint`: what the controller would refuse, found without a cluster. */
export function lintCommand(): Command {
  return withFormat(new Command("lint"), "text", "json", "sarif", "github")
    .description(summaries.lint.description)
    .argument("<file...>", "YAML or JSON files, or - for standard input")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll lint examples/digits/pipeline.yaml\n  generate-pipeline | plimsoll lint -\n  plimsoll lint pipelines/*.yaml -o sarif > plimsoll.sarif\n\nExit code 2 when there is a problem. A note says what may be otherwise than it is meant, and is none.",
    )
    .action(async (files: string[], options: { output: string }) => {
      const found: FileProblem[] = [];
      const notes: FileProblem[] = [];
      for (const file of files) {
        const findings = await findingsOf(file);
        found.push(...findings.problems.map((problem) => ({ file, ...problem })));
        notes.push(...findings.notes.map((note) => ({ file, ...note, isNote: true })));
      }
      printProblems(options.output, [...found, ...notes]);
      if (found.length > 0) throw new UsageError(`${count(found.length, "problem")} in ${files.join(", ")}`);
      if (options.output === "text") console.log(`${files.join(", ")}: no problems`);
    });
}

async function findingsOf(file: string): Promise<{ problems: Problem[]; notes: Problem[] }> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    if (error instanceof EncodingError)
      return { problems: [{ path: [], message: error.message, line: error.line, rule: "yaml" }], notes: [] };
    return { problems: [{ path: [], message: `cannot be read: ${messageOf(error)}`, rule: "yaml" }], notes: [] };
  }
  const { manifests, problems } = readManifests(text, kinds, (value) => sparkProblemsOf(value, sparkTimingOf));
  const found = manifests.map(findingsIn);
  const own = [...problems, ...found.flatMap(({ problems }) => problems), ...unlistedIn(manifests)];
  return { problems: own, notes: found.flatMap(({ notes }) => notes) };
}
