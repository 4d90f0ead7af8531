import type { Problem } from "@plimsoll/api";
import { count } from "@plimsoll/api/text";
import { ConfigError, readConfig } from "@plimsoll/controller/config";
import { Command } from "commander";
import { Failure } from "../failure.ts";
import { readSource } from "../source-text.ts";
import { withFormat } from "../permissions/format.ts";
import { printProblems } from "../lint/problems.ts";

/** `plimsoll config check`: what the controller would refuse in its configuration file. */
export function checkCommand(): Command {
  return withFormat(new Command("check"), "text", "json")
    .description("check a configuration file as the controller does when it starts")
    .argument("<file>", "a YAML or JSON file, or - for standard input")
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll config check plimsoll.yaml\n  kubectl get configmap plimsoll -o jsonpath='{.data.plimsoll\\.yaml}' | plimsoll config check -\n\nExit code 1 when there is a problem.",
    )
    .action(async (file: string, { output }: { output: string }) => {
      const problems = problemsIn(await readSource(file), file);
      printProblems(
        output,
        problems.map((problem) => ({ file, ...problem })),
      );
      if (problems.length > 0) throw new Failure(`${count(problems.length, "problem")} in ${file}`);
      if (output === "text") console.log(`${file}: valid`);
    });
}

function problemsIn(text: string, file: string): readonly Problem[] {
  try {
    readConfig(text, file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
