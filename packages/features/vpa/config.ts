import * as z from "zod";

/** The feature's own keys in the controller's configuration file: what is to be done stands in the policies. */
export const config = z.object({});

export type VpaConfig = z.output<typeof config>;
