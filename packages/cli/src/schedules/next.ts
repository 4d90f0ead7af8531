import type { PipelineSchedule } from "@plimsoll/api";
import { parseValue } from "@plimsoll/features/pipelines";
import { rulesOf, timeText } from "@plimsoll/features/schedules";

/** A time at which a schedule is due. */
export interface Coming {
  schedule: PipelineSchedule;
  /** Milliseconds since 1970. */
  time: number;
  /** What clocks in the schedule's zone show. */
  local: string;
}

/** The next times of schedules, all together in their order; a suspended one has none, nor has one that is wrong. */
export function comingOf(schedules: readonly PipelineSchedule[], count: number, now: number): Coming[] {
  const all = schedules.flatMap((schedule) => {
    const found = rulesOf(schedule, parseValue);
    if ("problems" in found || schedule.spec.suspend) return [];
    const { timing } = found.rules;
    const times: Coming[] = [];
    for (let time = timing.next(now); time !== undefined && times.length < count; time = timing.next(time))
      times.push({ schedule, time, local: `${timeText(timing.zone.wallAt(time)).slice(0, -1).replace("T", " ")} ${timing.zone.name}` });
    return times;
  });
  return all.sort((a, b) => a.time - b.time).slice(0, count);
}
