import { formatPath, formatProblem, readManifests, type Problem } from "@plimsoll/api";
import { problemsOf } from "@plimsoll/features/pipelines";
import { Command, Option } from "commander";
import { UsageError } from "./failure.ts";
import { readSource } from "./manifest.ts";

/** `plimsoll lint`: what the controller would refuse, found without a cluster. */
export function lintCommand(): Command {
  return new Command("lint")
    .description("check files with Pipelines and PipelineRuns, without a cluster, as the controller does")
    .argument("<file...>", "YAML or JSON files, or - for standard input")
    .addOption(new Option("-o, --output <format>", "how to print").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll lint examples/digits/pipeline.yaml\n  generate-pipeline | plimsoll lint -\n\nExit code 2 when there is a problem.",
    )
    .action(async (files: string[], options: { output: string }) => {
      const found: (Problem & { file: string })[] = [];
      for (const file of files) {
        const { manifests, problems } = readManifests(await readSource(file));
        found.push(...[...problems, ...manifests.flatMap(problemsOf)].map((problem) => ({ file, ...problem })));
      }
      if (options.output === "json") console.log(JSON.stringify(found.map(printed), null, 2));
      else for (const problem of found) console.error(formatProblem(problem.file, problem));
      if (found.length > 0) throw new UsageError(`${found.length} ${found.length === 1 ? "problem" : "problems"} in ${files.join(", ")}`);
      if (options.output === "text") console.log(`${files.join(", ")}: no problems`);
    });
}

function printed({ file, path, message, line }: Problem & { file: string }): object {
  return { file, line, field: formatPath(path), message };
}
