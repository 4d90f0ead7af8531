import { isMissing } from "../runs.ts";
import { Failure } from "../failure.ts";

/** A schedule's name, also where it is given as `-o name` and kubectl print it: with its kind before it. */
export function scheduleName(text: string): string {
  return text.replace(/^pipelineschedules?(\.plimsoll\.dev)?\//, "");
}

/** What `work` gives; where there is no such schedule, it fails with what to do. */
export async function withSchedule<T>(name: string, namespace: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Failure(
      `no schedule "${name}" in namespace "${namespace}": see \`plimsoll schedules -n ${namespace}\` or \`plimsoll schedules -A\``,
    );
  }
}
