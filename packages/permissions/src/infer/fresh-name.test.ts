import { expect, test } from "vitest";
import { freshParts } from "./fresh-name.ts";

test.each([
  ["sh.helm.release.v1.web.v12", ".v12"],
  ["spark-pi-5f3a9c1e8d7b2a40-driver", "5f3a9c1e8d7b2a40"],
  ["spark-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"],
  ["backup-20261128", "20261128"],
  ["backup-2026-11-28", "2026-11-28"],
  ["release-2026.11", "2026.11"],
  ["cron-29012345", "29012345"],
  ["web-7d9c5b8f6d-x2k4z", "7d9c5b8f6d"],
  ["settings-7d9f8b6c5d", "7d9f8b6c5d"],
  ["settings-g4hk9g2ff8", "g4hk9g2ff8"],
  ["run-01arz3ndektsv4rrffq69g5fav", "01arz3ndektsv4rrffq69g5fav"],
  ["01jdvm2q8xw5e7r9t0y1k3n6p4-logs", "01jdvm2q8xw5e7r9t0y1k3n6p4"],
  ["train-x2k4z", "x2k4z"],
  ["data-3f2504e0-4f89-41d3-9a0c-0305e82c3301", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
])("%s is new each time by %s", (name, part) => {
  expect([...freshParts([name])]).toEqual([[name, part]]);
});

test.each([
  "my-leader",
  "web-0",
  "build-5",
  "run-42",
  "db-5432",
  "api-8443-tls",
  "app-v12",
  "kube-root-ca.crt",
  "sh.helm.release.v1.web",
  "registry-https",
  "deadbeef",
  "pipelines.plimsoll.dev",
  "team-a",
  "gpt-4o-mini",
  "cafe",
])("%s stays", (name) => {
  expect(freshParts([name]).size).toBe(0);
});

test.each([
  [["build-5", "build-6"], "a counter"],
  [["build-1233", "build-1234"], "a longer counter"],
  [["app-v12", "app-v13"], "a version"],
  [["run-42-driver", "run-57-driver", "run-58-driver"], "a counter within"],
  [["train-xkcdz", "train-bwqrt"], "a suffix without a digit"],
])("%j are new each time, by %s", (names) => {
  expect([...freshParts(names).keys()]).toEqual(names);
});

test.each([
  [["web-0", "web-1", "web-2"], "a set's pods"],
  [["worker-1", "worker-2"], "numbered from the beginning on"],
  [["reviews-v1", "reviews-v2"], "versions side by side"],
  [["build-5", "run-6"], "of two series"],
])("%j stay, as %s", (names) => {
  expect(freshParts(names).size).toBe(0);
});
