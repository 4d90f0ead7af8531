import { duration, parseDuration } from "@plimsoll/api";
import * as z from "zod";

const span = (value: string, least: string, description: string) =>
  duration
    .refine((given) => parseDuration(given) >= parseDuration(least), `must be at least ${least}`)
    .default(value)
    .meta({ description });

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  settle: span("5m", "1s", "How long the first pod of a workload that is resized in place has to do well before the others are."),
  watch: span("1h", "1s", "How long after a change a crash, or a kill for want of memory, takes it back."),
  progress: span(
    "10m",
    "1s",
    "How long the roll-out of a StatefulSet or DaemonSet may go on with no pod made or ready, before a change is taken back: as long as a Deployment's progressDeadlineSeconds by default.",
  ),
  hold: span("24h", "1s", "How long nothing is changed in place of what was taken back."),
});

export type ResizingConfig = z.output<typeof config>;
