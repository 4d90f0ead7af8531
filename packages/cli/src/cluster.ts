import { Command } from "commander";
import { Failure } from "./failure.ts";

/** `plimsoll cluster`, which is a package of its own: the command line is installed with or without it. */
export async function clusterCommand(): Promise<Command> {
  try {
    return (await import("@plimsoll/cluster")).clusterCommand();
  } catch (error) {
    if (isMissing(error)) return notInstalled();
    throw error;
  }
}

function notInstalled(): Command {
  return new Command("cluster")
    .description("a real Kubernetes cluster on this machine, by the package @plimsoll/cluster, which is not installed")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new Failure("plimsoll cluster takes a package that is not installed: npm install --global @plimsoll/cli @plimsoll/cluster");
    });
}

/** Node names what it didn't find; a single executable looks for no packages at all. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ERR_UNKNOWN_BUILTIN_MODULE" ||
      (error.code === "ERR_MODULE_NOT_FOUND" && error.message.includes("'@plimsoll/cluster'")))
  );
}
