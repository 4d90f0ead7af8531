import type { PipelineSpec } from "@plimsoll/api";
import { expect, test } from "vitest";
import { compile, type Plan } from "./plan.ts";
import { renderIndexedJob, renderJob, renderWorkspace, type Rendering } from "./render.ts";
import { toCel } from "./cel.ts";
import { jobName } from "./names.ts";

const run = { namespace: "ns", name: "run", uid: "uid" };

function rendering(pipeline: PipelineSpec): Rendering & { plan: Plan } {
  const result = compile({ pipeline });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const [step] = result.plan.steps;
  if (step === undefined) throw new Error("no step");
  return { run, plan: result.plan, step, variables: { params: result.plan.params }, timeout: step.timeout };
}

test("a pod meets the restricted Pod Security Standard and mounts no token", () => {
  const pod = renderJob(rendering({ steps: [{ name: "a", image: "busybox", script: "true" }] })).spec?.template.spec;
  expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false, securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } } });
  expect(pod?.containers).toHaveLength(1);
  expect(pod?.initContainers).toBeUndefined();
  expect(pod?.containers[0]?.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } });
});

test("a step's pod options replace the pipeline's field by field", () => {
  const pod = renderJob(rendering({ pod: { nodeSelector: { a: "1" }, priorityClassName: "low" }, steps: [{ name: "a", image: "busybox", command: ["x"], pod: { nodeSelector: { b: "2" }, serviceAccountName: "robot" } }] })).spec?.template.spec;
  expect(pod).toMatchObject({ nodeSelector: { b: "2" }, priorityClassName: "low", serviceAccountName: "robot", automountServiceAccountToken: true });
});

test("a single script travels in its pod's annotation, and gets an interpreter where it names none", () => {
  const job = renderJob(rendering({ params: [{ name: "x", default: "1" }], steps: [{ name: "a", image: "busybox", script: "echo ${{ params.x }}" }] }));
  expect(job.spec?.template.metadata?.annotations).toEqual({ "plimsoll.dev/script": "#!/bin/sh\necho 1" });
  expect(job.spec?.template.spec?.containers[0]?.command).toEqual(["/plimsoll/script"]);
});

test("the scripts of a fan-out are packed into as few ConfigMaps as hold them, each under its item's number", () => {
  const source = rendering({ steps: [{ name: "a", image: "busybox", script: "${{ item }}", forEach: [1] }] });
  const scripts = Array.from({ length: 30 }, (_, item) => ({ item: toCel(`#!${"x".repeat(100_000)}${item}`) }));
  const { job, configMaps } = renderIndexedJob(source, scripts);
  expect(configMaps).toHaveLength(4);
  const data = Object.assign({}, ...configMaps.map((configMap) => configMap.data)) as Record<string, string>;
  expect(Object.keys(data)).toHaveLength(30);
  expect(data["29"]).toMatch(/x29$/);
  expect(job.spec).toMatchObject({ completionMode: "Indexed", completions: 30, parallelism: 30, backoffLimitPerIndex: 0 });
});

test("every object is the run's own and carries its labels", () => {
  const source = rendering({ workspace: { size: "1Gi" }, steps: [{ name: "a", image: "busybox", command: ["x"], retry: { limit: 2 }, timeout: "1m30s" }] });
  const job = renderJob(source, 4);
  expect(job.metadata).toMatchObject({
    name: "run--a--4",
    labels: { "plimsoll.dev/run": "run", "plimsoll.dev/run-uid": "uid", "plimsoll.dev/step": "a", "plimsoll.dev/item": "4" },
    ownerReferences: [{ uid: "uid", controller: true }],
  });
  expect(job.spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 90 });
  expect(renderWorkspace(run, { size: "1Gi" })).toMatchObject({ metadata: { name: "run--workspace", ownerReferences: [{ uid: "uid" }] } });
});

test("long names are cut to 57 characters and stay different", () => {
  const names = ["a", "b"].map((end) => jobName("r".repeat(40), "s".repeat(39) + end));
  expect(names.map((name) => name.length)).toEqual([57, 57]);
  expect(new Set(names).size).toBe(2);
});
