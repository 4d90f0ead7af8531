import type { PipelineSchedule } from "@plimsoll/api";
import { messageOf, type Clock } from "@plimsoll/kube";
import type { Rules } from "../../decide/schedule.ts";
import type { Language } from "../../../expressions.ts";
import { kindOf } from "../../template.ts";
import { failure, started, type Announcement } from "../announcements.ts";
import type { SchedulesMetrics } from "../metrics.ts";
import { objectFor } from "../objects/object.ts";
import { isRefusal } from "../objects/refusal.ts";
import type { Runs } from "../objects/runs.ts";

/** A run that could not be made; `isFinal`: it never can. */
export interface Failed {
  time: number;
  error: unknown;
  isFinal: boolean;
  reason: string;
  message: string;
}

interface Starting {
  clock: Pick<Clock, "now">;
  runs: Pick<Runs, "kind" | "start">;
  metrics: Pick<SchedulesMetrics, "started" | "failed">;
  language: Language;
  tell: (announcement: Announcement) => void;
}

/**
 * Starts a schedule's runs in the order of their times, up to the first that can't be made for now. What the API server will never take is
 * left out. Gives how many were tried, and whether the last of them failed.
 */
export async function startRuns(
  schedule: PipelineSchedule,
  { timing, delay }: Rules,
  times: readonly number[],
  { clock, runs, metrics, language, tell }: Starting,
): Promise<{ tried: number; failed: Failed | undefined }> {
  const { namespace = "", name = "", uid = "" } = schedule.metadata;
  const { template } = schedule.spec;
  const kind = runs.kind(kindOf(template));
  if (kind === undefined) return { tried: 0, failed: undefined };
  const owner = { kind: "PipelineSchedule" as const, namespace, name, uid };
  let failed: Failed | undefined;
  for (const [index, time] of times.entries()) {
    try {
      const run = await runs.start(kind, objectFor(time, { owner, schedule: name, template, timing, language }));
      failed = undefined;
      metrics.started(clock.now() - time - delay);
      tell(started(run.name, time));
    } catch (error) {
      const isFinal = isRefusal(error);
      failed = { time, error, isFinal, reason: isFinal ? "Refused" : "Waits", message: messageOf(error) };
      metrics.failed();
      tell(failure(time, failed.message));
      if (!isFinal) return { tried: index + 1, failed };
    }
  }
  return { tried: times.length, failed };
}
