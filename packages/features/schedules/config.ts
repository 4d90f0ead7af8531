import * as z from "zod";

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({});

export type SchedulesConfig = z.output<typeof config>;
