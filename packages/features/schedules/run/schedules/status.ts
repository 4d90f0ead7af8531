import { conditionOf, withCondition, type Condition, type PipelineSchedule, type Problem, type ScheduleStatus } from "@plimsoll/api";
import type { Decision, Rules } from "../../decide/schedule.ts";
import { timeText } from "../../template.ts";
import { valid } from "../status.ts";
import type { RunView } from "../objects/run-view.ts";

/** How many of the times to come are told. */
const told = 3;

/** The status after a decision; `runs` are all that there are. */
export function statusAfter(
  schedule: PipelineSchedule,
  rules: Rules,
  { record }: Pick<Decision, "record">,
  { runs, now }: { runs: readonly RunView[]; now: number },
): ScheduleStatus {
  const before = schedule.status ?? {};
  const last = runs.reduce<RunView | undefined>((last, run) => (last === undefined || run.time > last.time ? run : last), undefined);
  const isNew = last !== undefined && !(last.time <= Date.parse(before.lastRun?.time ?? ""));
  const succeeded = runs.filter(({ phase }) => phase === "succeeded").map(({ time }) => time);
  const success = Math.max(Date.parse(before.lastSuccess ?? "") || -Infinity, ...succeeded);
  return {
    ...before,
    observedGeneration: schedule.metadata.generation ?? 0,
    timing: record.digest,
    lastTime: timeText(record.lastTime),
    ...(!isNew ? {} : { lastRun: { name: last.name, time: timeText(last.time) } }),
    ...(success === -Infinity ? {} : { lastSuccess: timeText(success) }),
    active: runs.filter(({ phase }) => phase === "active").length,
    queue: record.queue.length === 0 ? undefined : record.queue.map(timeText),
    next: rules.isSuspended ? [] : timesFrom(rules.timing, Math.max(record.lastTime, now - rules.delay)),
    conditions: withCondition(before.conditions ?? [], valid(schedule, now, [])) as Condition[],
  };
}

/** The next times after a moment. */
function timesFrom({ next }: Rules["timing"], after: number): string[] {
  const times: string[] = [];
  for (let time = next(after); time !== undefined && times.length < told; time = next(time)) times.push(timeText(time));
  return times;
}

/** The status of what can't be carried out. */
export function invalidStatus(schedule: PipelineSchedule, problems: readonly Problem[], now: number): ScheduleStatus {
  const { conditions = [], ...before } = schedule.status ?? {};
  return {
    ...before,
    observedGeneration: schedule.metadata.generation ?? 0,
    next: [],
    conditions: withCondition(conditions, valid(schedule, now, problems)) as Condition[],
  };
}

/** Whether its last run could not be made, as its status says. */
export function hasFailedStarting({ status }: PipelineSchedule): boolean {
  return status?.conditions?.some((condition) => condition.type === "Starting" && condition.status === "False") ?? false;
}

/** The status with a condition set. */
export function withStarting(
  schedule: PipelineSchedule,
  status: ScheduleStatus,
  now: number,
  failure: { reason: string; message: string } | undefined,
): ScheduleStatus {
  const { conditions = [] } = status;
  // Where none ever failed, there is nothing to be said.
  if (failure === undefined && conditions.every(({ type }) => type !== "Starting")) return status;
  const content = failure ?? { reason: "Started", message: "the last run was made" };
  const next = conditionOf(schedule, now, { type: "Starting", status: failure === undefined ? "True" : "False", ...content });
  return { ...status, conditions: withCondition(conditions, next) as Condition[] };
}
