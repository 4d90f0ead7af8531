import type { PipelineSchedule } from "@plimsoll/api";
import { kinds } from "@plimsoll/features/kinds";
import { builtin, each, gate } from "@plimsoll/kube";
import { until } from "../until.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });
export const permissions = declare("bench-schedules", [
  allow(["create", "list"], "pipelineschedules.plimsoll.dev", "to make schedules, and see what came of them"),
  allow(["create", "list"], "pipelineruns.plimsoll.dev", "to see which runs were made, and to make as many without a schedule"),
]);

export type Own = ReturnType<typeof permissions.client>;

/** As many requests at once as the controller works on schedules. */
export const width = 50;

/** Of a Pipeline that isn't there: a run of it ends at once, and has no pods. */
export const run = { pipelineRef: { name: "none" } };

/** The numbers from 0 up to, but not including, a count. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Makes schedules; resolves when the controller has told the next times of all. */
export async function makeSchedules(
  own: Own,
  namespace: string,
  count: number,
  spec: Omit<PipelineSchedule["spec"], "template">,
): Promise<void> {
  await each(width, numbers(count), async (index) => {
    await own("pipelineschedules.plimsoll.dev").create({
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "PipelineSchedule",
      metadata: { namespace, name: `s${index}` },
      spec: { ...spec, template: { spec: run } },
    });
  });
  await until("all schedules are known", async () => {
    const schedules = await Array.fromAsync(own("pipelineschedules.plimsoll.dev").list({ namespace }));
    return schedules.every(({ status }) => status?.next !== undefined);
  });
}
