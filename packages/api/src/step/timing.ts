import * as z from "zod";
import { duration, instant, type Rule } from "../schema/field.ts";

/** When something recurs. */
export const timing = z.strictObject({
  cron: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(50)
    .optional()
    .describe(
      "Cron expressions: it runs at the times of each. Minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly, @monthly, @yearly, @every 90m.",
    ),
  interval: duration
    .optional()
    .describe("In place of cron: it runs each time that so much has passed since `start`, else since 1970 in UTC."),
  timeZone: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("The time zone of the expressions, by its name in the IANA database, as in Europe/Zurich. Default: UTC."),
  gap: z
    .enum(["skip", "after"])
    .optional()
    .describe(
      "What to do about a time that clocks don't show as they are set forward over it. after (the default): run when they are set forward; skip: don't.",
    ),
  repeat: z
    .enum(["first", "both"])
    .optional()
    .describe("What to do about a time that clocks show twice as they are set back. first (the default): run once; both: run twice."),
  start: instant.optional().describe("No time before it counts."),
  end: instant.optional().describe("No time after it counts."),
});

/** When something recurs, as a user writes it. */
export type TimingSpec = z.infer<typeof timing>;

/** What holds the fields of a timing together. */
export const timingRules: readonly Rule<TimingSpec>[] = [
  {
    cel: "has(self.cron) != has(self.interval)",
    check: ({ cron, interval }) => (cron === undefined) !== (interval === undefined),
    message: "give either cron or interval",
  },
  {
    cel: "!has(self.interval) || duration(self.interval) >= duration('1s')",
    check: ({ interval }) => interval === undefined || !/^(0+h)?(0+m)?(0+s)?$/.test(interval),
    message: "interval must be at least 1s",
  },
  {
    cel: "!has(self.start) || !has(self.end) || timestamp(self.start) <= timestamp(self.end)",
    check: ({ start, end }) => start === undefined || end === undefined || !(Date.parse(start) > Date.parse(end)),
    message: "`start` must not be after `end`",
  },
];
