import { parseDuration, problemsIn, pipelineSchedule, type PipelineSchedule, type Problem, type TimingSpec } from "@plimsoll/api";
import { createHash } from "node:crypto";
import type { Rules } from "./decide/schedule.ts";
import type { Language } from "../expressions.ts";
import { templateProblems } from "./template.ts";
import { timingOf } from "./cron/timing.ts";

/** Runs of each outcome that are kept unless a schedule says otherwise. */
const kept = 3;

/** Checks a schedule and makes what is decided by, or gives what is wrong with it. */
export function rulesOf(schedule: PipelineSchedule, language: Language): { rules: Rules } | { problems: Problem[] } {
  // The API server's schema may be an older one, and the status that of a newer controller.
  const [version] = pipelineSchedule.versions;
  const { status: _, ...written } = schedule;
  const invalid = problemsIn(version.schema, written);
  if (invalid.length > 0) return { problems: invalid };
  const { spec, metadata } = schedule;
  const timing = timingOf(spec);
  const problems = ["problems" in timing ? timing.problems : [], templateProblems(spec.template, language)].flat();
  if ("problems" in timing || problems.length > 0) return { problems };
  const { succeeded = kept, failed = kept, cancelled = kept } = spec.history ?? {};
  return {
    rules: {
      timing: timing.timing,
      digest: digestOf(spec),
      delay: delayOf(metadata, spec.jitter),
      isSuspended: spec.suspend ?? false,
      missedRuns: spec.missedRuns ?? "latest",
      deadline: spec.startingDeadline === undefined ? Infinity : parseDuration(spec.startingDeadline),
      concurrency: spec.concurrency ?? "Allow",
      history: { succeeded, failed, cancelled },
    },
  };
}

/** Whatever says when it runs, and nothing else. */
function digestOf({ cron, interval, timeZone, gap, repeat, start, end }: TimingSpec): string {
  return hashOf(JSON.stringify([cron, interval, timeZone, gap, repeat, start, end]))
    .toString("hex")
    .slice(0, 16);
}

/** The part of the jitter that is a schedule's, by its name: whole seconds, always the same. */
function delayOf({ namespace = "", name = "" }: PipelineSchedule["metadata"], jitter: string | undefined): number {
  const seconds = jitter === undefined ? 0 : parseDuration(jitter) / 1000;
  return seconds === 0 ? 0 : (hashOf(`${namespace}/${name}`).readUInt32BE(0) % seconds) * 1000;
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
