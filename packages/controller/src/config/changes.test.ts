import { expect, test } from "vitest";
import * as z from "zod";
import { changesOf } from "./changes.ts";
import { configSchema } from "./schema.ts";

const schema = configSchema([
  { name: "sails", config: z.object({ knots: z.number().default(3).meta({ live: true }), masts: z.array(z.string()).default(["main"]) }) },
  { name: "anchor", config: z.object({}) },
]);
const before = schema.parse({});
const changes = (next: object) => changesOf(schema, before, schema.parse(next));

test("what says the same, with the defaults written out, changes nothing", () => {
  expect(changes({ logLevel: "info", features: { sails: { enabled: true, masts: ["main"] } } })).toEqual({
    config: before,
    live: [],
    restart: [],
  });
});

test("what is marked as live is taken, and the rest stays as it was until a restart", () => {
  const next = {
    logLevel: "debug",
    namespaces: ["a"],
    leaderElection: { lease: "other" },
    features: { sails: { knots: 7, masts: ["main", "fore"] }, anchor: { enabled: false } },
  };
  expect(changes(next)).toEqual({
    config: { ...before, logLevel: "debug", features: { ...before.features, sails: { enabled: true, knots: 7, masts: ["main"] } } },
    live: ["logLevel", "features.sails.knots"],
    restart: ["namespaces", "leaderElection.lease", "features.sails.masts", "features.anchor.enabled"],
  });
});

test("the configuration that was in force is left as it was", () => {
  changes({ features: { sails: { knots: 7 } } });
  expect(before).toEqual(schema.parse({}));
});
