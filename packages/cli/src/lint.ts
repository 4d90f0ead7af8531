import { formatProblem, readManifests, type Problem } from "@plimsoll/api";
import { leftoversIn, problemsOf } from "@plimsoll/features/pipelines";
import { messageOf } from "@plimsoll/kube/message";
import { Command } from "commander";
import { UsageError } from "./failure.ts";
import { readText } from "./manifest.ts";
import { count, withFormat } from "./permissions/format.ts";
import { printProblems, type FileProblem } from "./problems.ts";

/** `plimsoll lint`: what the controller would refuse, found without a cluster. */
export function lintCommand(): Command {
  return withFormat(new Command("lint"), "text", "json", "sarif", "github")
    .description(
      "check files with Pipelines and PipelineRuns without a cluster, as the controller, the API server and container runtimes do",
    )
    .argument("<file...>", "YAML or JSON files, or - for standard input")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll lint examples/digits/pipeline.yaml\n  generate-pipeline | plimsoll lint -\n  plimsoll lint pipelines/*.yaml -o sarif > plimsoll.sarif\n\nExit code 2 when there is a problem.",
    )
    .action(async (files: string[], options: { output: string }) => {
      const found: FileProblem[] = [];
      for (const file of files) {
        const { problems, leftovers } = await lookInto(file);
        found.push(...problems.map((problem) => ({ file, ...problem })));
        for (const problem of leftovers) console.error(`warning: ${formatProblem(file, problem)}`);
      }
      printProblems(options.output, found);
      if (found.length > 0) throw new UsageError(`${count(found.length, "problem")} in ${files.join(", ")}`);
      if (options.output === "text") console.log(`${files.join(", ")}: no problems`);
    });
}

async function lookInto(file: string): Promise<{ problems: Problem[]; leftovers: Problem[] }> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    return { problems: [{ path: [], message: `cannot be read: ${messageOf(error)}`, rule: "yaml" }], leftovers: [] };
  }
  const { manifests, problems } = readManifests(text);
  return { problems: [...problems, ...manifests.flatMap(problemsOf)], leftovers: manifests.flatMap(leftoversIn) };
}
