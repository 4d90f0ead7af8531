import { expect, test } from "vitest";
import { Health } from "./health.ts";

test("it is ready once the caches are filled, for as long as the Lease is heard of", () => {
  const contact = { ago: 0 };
  const health = new Health({ stalled: () => [] }, () => contact.ago);
  expect(health.ready()).toEqual(["the caches are being filled"]);
  health.synced();
  expect(health.ready()).toEqual([]);
  contact.ago = 60_000;
  expect(health.ready()).toEqual([]);
  contact.ago = 61_000;
  expect(health.ready()).toEqual(["the API server has granted no request for the Lease for 61 s"]);
  expect(health.live()).toEqual([]);
});

test("a queue that doesn't go on is no life, and not ready either", () => {
  const health = new Health({ stalled: () => ["pipelines"] }, () => 0);
  health.synced();
  const problem = "the queue pipelines has not gone on for ten minutes";
  expect([health.live(), health.ready()]).toEqual([[problem], [problem]]);
});
