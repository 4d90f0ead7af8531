import { clusterCommand } from "@plimsoll/cluster";
import { Command } from "commander";
import { cancelCommand } from "./cancel.ts";
import { deleteCommand } from "./delete.ts";
import { exitCode } from "./failure.ts";
import { getCommand } from "./get.ts";
import { lintCommand } from "./lint.ts";
import { listCommand } from "./list.ts";
import { logsCommand } from "./logs.ts";
import { runCommand } from "./run.ts";
import packageJson from "../package.json" with { type: "json" };

/** The whole command line. Errors are thrown, with exit codes, rather than ending the process. */
export function program(): Command {
  const command = new Command("plimsoll")
    .description("Pipelines and jobs on Kubernetes, and a real cluster to try them on.")
    .version(packageJson.version)
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      `
Examples:
  plimsoll lint examples/digits/pipeline.yaml
  plimsoll run examples/digits/pipeline.yaml --watch
  plimsoll logs digits-x7k2p train -f

Exit codes: 0 success; 1 it failed, or the run did; 2 the input was wrong; 130 interrupted.`,
    );
  for (const sub of [runCommand(), listCommand(), getCommand(), logsCommand(), cancelCommand(), deleteCommand(), lintCommand(), clusterCommand()]) command.addCommand(sub);
  return strict(command);
}

/** commander ends the process with 1 for a wrong argument; here that is thrown, and is a usage error. */
function strict(command: Command): Command {
  command.exitOverride((error) => {
    error.exitCode = error.exitCode === 0 ? exitCode.success : exitCode.usage;
    throw error;
  });
  for (const sub of command.commands) strict(sub);
  return command;
}
