import * as z from "zod";
import { duration } from "../schema/field.ts";

const after = (outcome: string) =>
  duration.optional().describe(`How long a run that ${outcome} is kept. Default: until somebody deletes it.`);

/** How long runs stay, by their outcome; as in `ttlSecondsAfterFinished` of a Job. */
export const ttl = z
  .strictObject({ succeeded: after("succeeded"), failed: after("failed"), cancelled: after("was cancelled") })
  .describe("When runs are deleted after their end, with all that they own: pods, logs, workspace.");

/** How long an ended run is kept. */
export type Ttl = z.infer<typeof ttl>;
