/** What is sized. */
export const sizedResources = ["cpu", "memory"] as const;
export type SizedResource = (typeof sizedResources)[number];
