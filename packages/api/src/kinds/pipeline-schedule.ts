import * as z from "zod";
import { duration, metadata, namePattern, nameRule, time, withRules } from "../schema/field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../schema/kind.ts";
import { conditionsSchema } from "../status/condition.ts";
import type { Problem } from "../problems/problem.ts";
import { template } from "../step/template.ts";
import { timing, timingRules } from "../step/timing.ts";

/** With the digits of a time behind it, it is a run's name. */
export const longestScheduleName = 44;

const kept = (outcome: string) =>
  z.int().min(0).max(1000).optional().describe(`How many runs that ${outcome} are kept: the newest. Default: 3.`);

const specFields = z.strictObject({
  ...timing.shape,
  jitter: duration
    .optional()
    .describe("Runs begin up to so much later: for each schedule by the same part of it, so that many for the same time are spread out."),
  suspend: z.boolean().optional().describe("Start no runs. What runs goes on. Times that pass meanwhile are missed. Default: false."),
  missedRuns: z
    .enum(["skip", "latest", "all"])
    .optional()
    .describe(
      "What to do about times that have passed without a run, as nothing was there to start it. latest (the default): run for the last of them; all: for each; skip: for none that is later than startingDeadline, or a minute.",
    ),
  startingDeadline: duration
    .optional()
    .describe("How much later than its time a run may start, in whatever way it was kept from it. Default: any time later."),
  concurrency: z
    .enum(["Allow", "Forbid", "Replace", "Queue"])
    .optional()
    .describe(
      "What to do where a run of the schedule is still going on. Allow (the default): start beside it; Forbid: leave this time out; Replace: end it, then start; Queue: start when it has ended, in the order of the times.",
    ),
  history: z
    .strictObject({ succeeded: kept("succeeded"), failed: kept("failed"), cancelled: kept("were cancelled") })
    .optional()
    .describe("How many ended runs are kept, by their outcome; what is beyond is deleted with all that it owns."),
  template: template.describe("What to start. ${{ }} in it holds CEL expressions that know `schedule`."),
});

const spec = withRules(specFields, timingRules);

const status = z.strictObject({
  observedGeneration: z.int().optional().describe("The metadata.generation that this status is about."),
  timing: z.string().optional().describe("A digest of when it runs: of one that has changed, earlier times don't count."),
  lastTime: time.optional().describe("Up to this time every one has been dealt with: a run was made for it, or it was left out by a rule."),
  lastRun: z
    .strictObject({ name: z.string().describe("Its name."), time: time.describe("The time that it is for.") })
    .optional()
    .describe("The last run that was made."),
  lastSuccess: time.optional().describe("The last time that a run was for that has succeeded."),
  active: z.int().optional().describe("How many runs are going on."),
  queue: z
    .array(time)
    .optional()
    .describe("The times that wait, in their order, at most 1000: for others, or because their runs couldn't be made yet."),
  next: z.array(time).optional().describe("The next three times."),
  conditions: conditionsSchema(
    "it",
    "Valid: whether the schedule can be carried out as it is written. Starting: whether the last run could be made.",
  ),
});

/** A PipelineSchedule's status. */
export type ScheduleStatus = z.input<typeof status>;

const fields = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("PipelineSchedule"),
  metadata,
  spec: spec.describe("When to run what."),
  status: status.optional().describe("What has been done; written by the controller."),
});

const isName = (name: string): boolean => name.length <= longestScheduleName && new RegExp(namePattern).test(name);

/** The rule for the names of what makes runs, whose names are made of it. */
export function makersName(maker: "schedule" | "backfill") {
  return {
    cel: `size(self.metadata.name) <= ${longestScheduleName} && self.metadata.name.matches('${namePattern}')`,
    check: ({ metadata: { name } }: { metadata: { name?: string | undefined } }) => name === undefined || isName(name),
    message: `a ${maker}'s name ${nameRule}, and has at most ${longestScheduleName} characters, as its runs' names are made of it`,
  };
}

const schema = withRules(fields, [makersName("schedule")]);

/** What is wrong with the name of a schedule. */
export function namesFault(name: string): Problem[] {
  return isName(name) ? [] : [{ path: ["metadata", "name"], message: makersName("schedule").message }];
}

/** The definition of the kind PipelineSchedule. */
export const pipelineSchedule = defineKind({
  kind: "PipelineSchedule",
  plural: "pipelineschedules",
  shortNames: ["psched"],
  categories: ["plimsoll"],
  scope: "Namespaced",
  versions: [
    {
      ...v1alpha1,
      schema,
      columns: [
        { name: "Cron", type: "string", jsonPath: ".spec.cron" },
        { name: "Interval", type: "string", jsonPath: ".spec.interval", priority: 1 },
        { name: "Zone", type: "string", jsonPath: ".spec.timeZone" },
        { name: "Suspend", type: "string", jsonPath: ".spec.suspend" },
        { name: "Active", type: "integer", jsonPath: ".status.active" },
        { name: "Last", type: "date", jsonPath: ".status.lastRun.time" },
        { name: "Next", type: "string", jsonPath: ".status.next[0]" },
        { name: "Message", type: "string", jsonPath: '.status.conditions[?(@.status=="False")].message', priority: 1 },
      ],
      subresources: ["status"],
    },
  ],
  docs: {
    page: "schedule",
    guide: "schedules.md",
    intro: "Starts runs at times.",
  },
});

/** A PipelineSchedule as a user writes it, or as it is stored. */
export type PipelineSchedule = ObjectOf<typeof pipelineSchedule>;
