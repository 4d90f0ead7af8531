import { expect, test } from "vitest";
import * as z from "zod";
import { clusterWideCheck, configSchema } from "./schema.ts";

const features = [
  { name: "sails", config: z.object({}) },
  { name: "anchor", config: z.object({}), isOptIn: true, isClusterWide: true },
];
const schema = configSchema(features).superRefine(clusterWideCheck(features));

test("a feature runs unless it is disabled, and one that has to be chosen when it is enabled", () => {
  expect(schema.parse({}).features).toEqual({ sails: { enabled: true }, anchor: { enabled: false } });
});

test("what works on the whole cluster can't be held to namespaces", () => {
  const anchored = { features: { anchor: { enabled: true } } };
  expect(schema.safeParse(anchored).success).toBe(true);
  expect(schema.safeParse({ namespaces: ["a"] }).success).toBe(true);
  expect(schema.safeParse({ namespaces: ["a"], ...anchored }).error?.issues).toMatchObject([
    { path: ["features", "anchor", "enabled"], message: expect.stringContaining("works on the whole cluster") },
  ]);
});
