import type { World } from "./world.ts";

export const map = (name: string, value = "1", more: object = {}): Record<string, unknown> => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...more },
  data: { a: value },
});
export const job = (name: string, image = "a"): Record<string, unknown> => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: { image },
});

/** What there is, as in `Job/c`. */
export const names = (world: World): string[] => [...world.objects.keys()].sort();
