import type { PipelineRun } from "@plimsoll/api";
import { expect, test, vi } from "vitest";
import { commandsIn } from "./support/cli.ts";
import { idlePod, place } from "./support/cluster.ts";

const { spec: idle } = idlePod("", "");

/** Pods on a real node that say something in each of their containers. */
const saying = (words: readonly string[], more: object = {}): object => {
  const [container] = idle?.containers ?? [];
  const { nodeSelector: _, ...rest } = idle ?? {};
  const containers = words.map((word, index) => ({
    ...container,
    name: `c${index}`,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c", `echo ${word}; sleep ${index}`],
  }));
  return { ...rest, terminationGracePeriodSeconds: 0, containers, ...more };
};

test("the logs of a run are also those of its objects' pods, of each container, by the chain of owners, and of no others", async () => {
  const own = await place();
  const { client, namespace } = own;
  const plimsoll = commandsIn(namespace);
  const step = (name: string, apiVersion: string, kind: string) => ({ name, manifest: { apiVersion, kind, spec: {} }, succeeded: "true" });
  // No controller here makes these: what it would have made is made below.
  await own.start({ steps: [step("train", "batch/v1", "Job"), step("serve", "apps/v1", "Deployment")] }, { name: "run" });
  const run = await own.ended("run");
  const made = (name: string, step: string) => ({
    namespace,
    name,
    labels: {
      "plimsoll.dev/run": "run",
      "plimsoll.dev/run-uid": run.metadata.uid ?? "",
      "plimsoll.dev/step": step,
      "plimsoll.dev/try": "1",
    },
    ownerReferences: [ownerOf(run)],
  });
  const jobs = client("jobs.batch");
  const template = { spec: saying(["one", "two"], { restartPolicy: "Never" }) };
  await jobs.create({ metadata: made("run--train--1", "train"), spec: { template } } as never);
  await jobs.create({
    metadata: { namespace, name: "other" },
    spec: { template: { spec: saying(["other"], { restartPolicy: "Never" }) } },
  } as never);
  const app = { app: "serve" };
  const lasting = saying(["serving"]) as { containers: { command: string[] }[] };
  for (const container of lasting.containers) container.command = ["sh", "-c", "echo serving; sleep 3600"];
  await client("deployments.apps").create({
    metadata: made("run--serve--1", "serve"),
    spec: { selector: { matchLabels: app }, template: { metadata: { labels: app }, spec: lasting } },
  } as never);
  await vi.waitFor(
    async () => {
      const { stdout, code } = await plimsoll("logs", "run");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^train run--train--1-\w+\/c0 │ one$/m);
      expect(stdout).toMatch(/^train run--train--1-\w+\/c1 │ two$/m);
      expect(stdout).toMatch(/^serve run--serve--1-\w+-\w+ │ serving$/m);
      expect(stdout).not.toContain("other");
    },
    { timeout: 240_000, interval: 1_000 },
  );
  expect((await plimsoll("logs", "run", "serve", "--no-prefix")).stdout).toBe("serving\n");
});

function ownerOf({ metadata: { name = "", uid = "" } }: PipelineRun) {
  return { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name, uid, controller: true };
}
