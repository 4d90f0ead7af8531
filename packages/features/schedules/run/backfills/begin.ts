import {
  accountsIn,
  kindsIn,
  firstOfProblems,
  backfill as definition,
  mostTimes,
  problemsIn,
  unlisted,
  type Backfill,
  type BackfillStatus,
  type PipelineSchedule,
  type Problem,
} from "@plimsoll/api";
import { IndexSet } from "@plimsoll/model";
import { covered } from "../../decide/rerun.ts";
import type { RunFacts } from "../../decide/run.ts";
import type { Language } from "../../../expressions.ts";
import { rulesOf } from "../../rules.ts";
import { timesBetween } from "../../times.ts";
import { valid } from "../status.ts";

/** What a backfill has taken from its schedule when it started. */
export type Taken = NonNullable<BackfillStatus["schedule"]>;

/** What is there of the schedule that a backfill names: it, and all runs of it. */
interface Known {
  schedule: PipelineSchedule | undefined;
  runs: readonly RunFacts[];
}

/** The status with which a backfill begins, and how many times it runs; without a count it waits for its schedule. */
type Begun = { status: BackfillStatus; count: number | undefined } | { problems: Problem[] };

/** Takes from the schedule what it says now: a function of what is known, and the time in milliseconds since 1970. */
export function begin(backfill: Backfill, { schedule, runs }: Known, language: Language, now: number): Begun {
  const [version] = definition.versions;
  const { status: before, ...asWritten } = backfill;
  const problems = problemsIn(version.schema, asWritten);
  if (problems.length > 0) return { problems };
  const { spec } = backfill;
  if (schedule === undefined) {
    const message = `there is no PipelineSchedule "${spec.schedule}" in namespace "${backfill.metadata.namespace}": it waits until there is`;
    return { status: { ...before, message }, count: undefined };
  }
  const checked = rulesOf(schedule, language);
  if ("problems" in checked)
    return { problems: [{ path: ["spec", "schedule"], message: `${spec.schedule}: ${firstOfProblems(checked.problems)}` }] };
  const { template } = schedule.spec;
  const uses = { serviceAccountNames: accountsIn(template, spec.schedule), manifestKinds: kindsIn(template, spec.schedule) };
  const lacking = unlisted(uses, spec);
  if (lacking.length > 0) return { problems: lacking };
  const times = timesBetween(checked.rules.timing, Date.parse(spec.from), Date.parse(spec.to), mostTimes);
  if (times === undefined) {
    const message = `more than ${mostTimes} times of "${spec.schedule}" lie between from and to: give several backfills`;
    return { problems: [{ path: ["spec", "to"], message }] };
  }
  const skipped = new IndexSet();
  const isCovered = covered(spec.rerun ?? "none", runs);
  for (const [place, time] of times.entries()) if (isCovered(time)) skipped.add(place);
  const status: BackfillStatus = {
    ...before,
    phase: "Running",
    startedAt: new Date(now).toISOString(),
    round: 1,
    message: undefined,
    total: times.length,
    skipped: skipped.toString() || undefined,
    schedule: takenFrom(schedule),
    conditions: [valid(backfill, now, [])],
  };
  return { status, count: times.length - skipped.size };
}

function takenFrom({ metadata, spec: { cron, interval, timeZone, gap, repeat, start, end, template } }: PipelineSchedule): Taken {
  // What isn't given is left out, as the API server does it.
  const timing = JSON.parse(JSON.stringify({ cron, interval, timeZone, gap, repeat, start, end })) as Taken["timing"];
  return { uid: metadata.uid ?? "", timing, template };
}
