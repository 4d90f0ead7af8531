import * as z from "zod";
import { crd, instant, metadata, objectName, time, withRules } from "../schema/field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../schema/kind.ts";
import { conditionsSchema } from "../status/condition.ts";
import { manifestKinds } from "../use/made-kinds.ts";
import { serviceAccountNames } from "../use/service-accounts.ts";
import { template } from "../step/template.ts";
import { timing } from "../step/timing.ts";
import { makersName } from "./pipeline-schedule.ts";

/** More times than that are no range, but a mistake. */
export const mostTimes = 10_000;

const specFields = z.strictObject({
  schedule: objectName.describe(
    "The PipelineSchedule whose times are run, in the backfill's namespace, as it is when the backfill starts.",
  ),
  from: instant.describe("The first time that may be run."),
  to: instant.describe(`The last time that may be run. At most ${mostTimes} of the schedule's times may lie between.`),
  serviceAccountNames: serviceAccountNames
    .optional()
    .describe(
      "The ServiceAccounts that the schedule's template names, at most 8: what is started may run as these. Whoever creates the backfill must be allowed to use each.",
    ),
  manifestKinds: manifestKinds
    .optional()
    .describe(
      "The kinds of objects that manifest steps of what the schedule's template starts may make, as in batch/v1 Job. Whoever creates the backfill must be allowed to make and to delete them.",
    )
    .meta({ "x-kubernetes-list-type": "set" }),
  parallel: z.int().min(1).max(1000).optional().describe("How many runs go on at once, at most. Default: 1."),
  reverse: z.boolean().optional().describe("Whether the last time comes first. Default: false."),
  rerun: z
    .enum(["none", "failed", "all"])
    .optional()
    .describe(
      "Which times are run that the schedule, or an earlier backfill of it, has a run for. none (the default); failed: those whose last run failed or was cancelled; all.",
    ),
  onFailure: z
    .enum(["continue", "stop"])
    .optional()
    .describe("Whether a run that fails keeps further ones from being started. continue is the default."),
  cancel: z
    .boolean()
    .optional()
    .describe("Start no further runs, and end those that go on. Taken back, what was not run to its end is run again."),
});

const spec = withRules(specFields, [
  {
    check: ({ from, to }) => Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to)) || Date.parse(from) <= Date.parse(to),
    cel: "timestamp(self.from) <= timestamp(self.to)",
    message: "`from` must not be after `to`",
  },
  ...(["schedule", "from", "to", "serviceAccountNames", "manifestKinds", "rerun", "reverse"] as const).map((field) => ({
    cel: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
    message: `a backfill's ${field} can't change; create another`,
  })),
]);

const indexes = z.string().optional();

const status = z.strictObject({
  observedGeneration: z.int().optional().describe("The metadata.generation that this status is about."),
  phase: z.enum(["Running", "Succeeded", "Failed", "Cancelled"]).optional().describe("Where the backfill stands."),
  startedAt: time.optional().describe("When it started."),
  finishedAt: time.optional().describe("When it ended."),
  round: z.int().optional().describe("How often it has been started: 1, and one more each time that it was resumed."),
  message: z.string().optional().describe("Why it failed, or waits."),
  progress: z.string().optional().describe("Times that are done with, of all."),
  total: z.int().optional().describe("How many of the schedule's times there are."),
  active: z.int().optional().describe("How many runs are going on."),
  skipped: indexes.describe("The times that have a run already, by their places, as in 0-4,7."),
  succeeded: indexes.describe("The times whose run has succeeded, by their places."),
  failed: indexes.describe("The times whose run has failed, by their places."),
  schedule: z
    .strictObject({ uid: z.string(), timing: timing, template: template })
    .optional()
    .describe("What the schedule said when the backfill started.")
    .meta(crd({ preserve: true, atomic: true })),
  conditions: conditionsSchema("it", "Valid: whether the backfill can be carried out as it is written."),
});

/** A Backfill's status. */
export type BackfillStatus = z.input<typeof status>;

const fields = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("Backfill"),
  metadata,
  spec: spec.describe("What to run again."),
  status: status.optional().describe("What has been done; written by the controller."),
});

const schema = withRules(fields, [makersName("backfill")]);

/** The definition of the kind Backfill. */
export const backfill = defineKind({
  kind: "Backfill",
  plural: "backfills",
  shortNames: ["pbf"],
  categories: ["plimsoll"],
  scope: "Namespaced",
  versions: [
    {
      ...v1alpha1,
      schema,
      columns: [
        { name: "Schedule", type: "string", jsonPath: ".spec.schedule" },
        { name: "Phase", type: "string", jsonPath: ".status.phase" },
        { name: "Done", type: "string", jsonPath: ".status.progress", description: "Times that are done with, of all." },
        { name: "Active", type: "integer", jsonPath: ".status.active" },
        { name: "From", type: "string", jsonPath: ".spec.from", priority: 1 },
        { name: "To", type: "string", jsonPath: ".spec.to", priority: 1 },
        { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
      ],
      subresources: ["status"],
    },
  ],
  docs: {
    page: "schedule",
    guide: "schedules.md",
    intro: "Runs the times of a PipelineSchedule in a range, as a thing of its own.",
  },
});

/** A Backfill as a user writes it, or as it is stored. */
export type Backfill = ObjectOf<typeof backfill>;
