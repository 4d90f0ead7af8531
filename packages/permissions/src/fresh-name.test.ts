import { expect, test } from "vitest";
import { freshPart } from "./fresh-name.ts";

test.each([
  ["sh.helm.release.v1.web.v12", ".v12"],
  ["spark-pi-5f3a9c1e8d7b2a40-driver", "5f3a9c1e8d7b2a40"],
  ["spark-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"],
  ["backup-20261128", "20261128"],
  ["cron-29012345", "29012345"],
  ["web-7d9c5b8f6d-x2k4z", "7d9c5b8f6d"],
  ["train-x2k4z", "x2k4z"],
  ["data-3f2504e0-4f89-41d3-9a0c-0305e82c3301", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
])("%s is new each time by %s", (name, part) => {
  expect(freshPart(name)).toBe(part);
});

test.each([
  "my-leader",
  "web-0",
  "kube-root-ca.crt",
  "sh.helm.release.v1.web",
  "app-v2",
  "registry-https",
  "deadbeef",
  "pipelines.plimsoll.dev",
  "team-a",
  "gpt-4o-mini",
  "cafe",
])("%s stays", (name) => {
  expect(freshPart(name)).toBeUndefined();
});
