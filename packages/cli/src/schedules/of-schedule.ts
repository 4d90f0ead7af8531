import { nameOf, orMissing } from "../connect/missing.ts";

/** Reads a schedule's name. */
export const scheduleName = nameOf("pipelineschedule");

/** What `work` gives; where there is no such schedule, it fails with what to do. */
export function withSchedule<T>(name: string, namespace: string, work: Promise<T>): Promise<T> {
  return orMissing(
    work,
    `no schedule "${name}" in namespace "${namespace}": see \`plimsoll schedules -n ${namespace}\` or \`plimsoll schedules -A\``,
  );
}
