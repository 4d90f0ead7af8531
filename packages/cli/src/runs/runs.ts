import type { PipelineRun } from "@plimsoll/api";
import type { Command } from "commander";
import type { Client } from "../connect/connect.ts";
import { Failure } from "../failure.ts";
import { isMissing, nameOf } from "../connect/missing.ts";

const runName = nameOf("pipelinerun");

/** Adds the argument of a command that is about one run. */
export function withRun(command: Command): Command {
  return command.argument("<run>", "the run's name", runName);
}

/** Adds the argument of a command that is about one run or several. */
export function withRuns(command: Command): Command {
  return command.argument("<run...>", "the runs' names", (text: string, before: readonly string[] = []) => [...before, runName(text)]);
}

/** Reads a run, or fails with what to do when there is none of that name. */
export async function getRun(client: Client, namespace: string, name: string): Promise<PipelineRun> {
  try {
    return await client("pipelineruns.plimsoll.dev").get({ namespace, name });
  } catch (error) {
    throw isMissing(error) ? noRun([name], namespace) : error;
  }
}

/** Does something to each run. Those that aren't there keep it from none, and are named at the end. */
export async function forEachRun(
  names: readonly string[],
  namespace: string,
  { ignoreNotFound = false }: { ignoreNotFound?: boolean },
  act: (name: string) => Promise<void>,
): Promise<void> {
  const missing: string[] = [];
  for (const name of names) {
    try {
      await act(name);
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing.push(name);
    }
  }
  if (missing.length > 0 && !ignoreNotFound) throw noRun(missing, namespace);
}

function noRun(names: readonly string[], namespace: string): Failure {
  const quoted = names.map((name) => `"${name}"`).join(", ");
  return new Failure(`no run ${quoted} in namespace "${namespace}": see \`plimsoll list -n ${namespace}\` or \`plimsoll list -A\``);
}
