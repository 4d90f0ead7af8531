import { apiVersion, namesFault, type PipelineSchedule, type Problem } from "@plimsoll/api";
import * as z from "zod";
import { timingOf } from "../cron/timing.ts";
import { differences, type Difference } from "./differences.ts";

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

const policy = {
  startingDeadlineSeconds: z.int().nullish(),
  concurrencyPolicy: z.enum(["Allow", "Forbid", "Replace", ""]).nullish(),
  suspend: z.boolean().nullish(),
  successfulJobsHistoryLimit: z.int().nullish(),
  failedJobsHistoryLimit: z.int().nullish(),
};

const of = { labels: z.record(z.string(), z.string()).optional(), annotations: z.record(z.string(), z.string()).optional() };
const spec = z.record(z.string(), z.unknown());

/** What is read of a CronJob of Kubernetes. */
const cronJob = z.looseObject({
  apiVersion: z.literal("batch/v1"),
  kind: z.literal("CronJob"),
  metadata,
  spec: z.looseObject({
    schedule: z.string(),
    timeZone: z.string().nullish(),
    jobTemplate: z.looseObject({ metadata: z.looseObject(of).nullish(), spec }),
    ...policy,
  }),
});

/** What is read of a CronWorkflow of Argo Workflows. */
const cronWorkflow = z.looseObject({
  apiVersion: z.literal("argoproj.io/v1alpha1"),
  kind: z.literal("CronWorkflow"),
  metadata,
  spec: z.looseObject({
    schedule: z.string().nullish(),
    schedules: z.array(z.string()).nullish(),
    timezone: z.string().nullish(),
    workflowSpec: spec,
    workflowMetadata: z.looseObject(of).nullish(),
    ...policy,
  }),
});

const accepted = z.union([cronJob, cronWorkflow]);

/** A schedule that does what something else did, and the times at which it doesn't. */
export interface Imported {
  schedule: PipelineSchedule;
  differences: Difference[];
  notes: string[];
}

/**
 * Makes a schedule of a CronJob or a CronWorkflow: undefined for anything else. `likeBefore`: with the rules for clocks that those have,
 * as far as they are rules. `now` is in milliseconds since 1970.
 */
export function imported(object: unknown, likeBefore: boolean, now: number): Imported | { name: string; problems: Problem[] } | undefined {
  const { data } = accepted.safeParse(object);
  if (data === undefined) return undefined;
  const { name, namespace, labels } = data.metadata;
  const timing =
    data.kind === "CronJob"
      ? { cron: [data.spec.schedule], timeZone: data.spec.timeZone }
      : { cron: data.spec.schedules ?? [data.spec.schedule ?? ""], timeZone: data.spec.timezone };
  const { startingDeadlineSeconds, concurrencyPolicy, suspend, successfulJobsHistoryLimit, failedJobsHistoryLimit } = data.spec;
  const rules = likeBefore ? { gap: "skip" as const, repeat: "both" as const } : {};
  const made = { cron: timing.cron, ...(timing.timeZone ? { timeZone: timing.timeZone } : {}), ...rules };
  const checked = timingOf(made);
  const problems = [...namesFault(name), ...("problems" in checked ? checked.problems : [])];
  if (problems.length > 0) return { name, problems };
  const template =
    data.kind === "CronJob"
      ? { apiVersion: "batch/v1", kind: "Job", ...templateOf(data.spec.jobTemplate.metadata), spec: data.spec.jobTemplate.spec }
      : { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", ...templateOf(data.spec.workflowMetadata), spec: data.spec.workflowSpec };
  const schedule: PipelineSchedule = {
    apiVersion,
    kind: "PipelineSchedule",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) },
    spec: {
      ...made,
      ...(suspend ? { suspend: true } : {}),
      ...(startingDeadlineSeconds == null ? {} : { startingDeadline: `${startingDeadlineSeconds}s` }),
      ...(concurrencyPolicy ? { concurrency: concurrencyPolicy } : {}),
      history: { succeeded: successfulJobsHistoryLimit ?? 3, failed: failedJobsHistoryLimit ?? 1 },
      template,
    },
  };
  return { schedule, differences: differences(made, now), notes: notesOn(data.kind, timing.timeZone ?? undefined) };
}

function notesOn(kind: "CronJob" | "CronWorkflow", timeZone: string | undefined): string[] {
  if (timeZone !== undefined) return [];
  const whose = kind === "CronJob" ? "kube-controller-manager" : "Argo's controller";
  return [`has no time zone, and ran by the clock of ${whose}, which most often has UTC: give spec.timeZone where it was another`];
}

function templateOf(
  given: { labels?: Record<string, string> | undefined; annotations?: Record<string, string> | undefined } | null | undefined,
) {
  const { labels, annotations } = given ?? {};
  if (labels === undefined && annotations === undefined) return {};
  return { metadata: { ...(labels && { labels }), ...(annotations && { annotations }) } };
}
