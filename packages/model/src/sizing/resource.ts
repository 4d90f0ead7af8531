/** What is sized. */
export const sizedResources = ["cpu", "memory"] as const;
/** One of these. */
export type SizedResource = (typeof sizedResources)[number];
