import { expect, test } from "vitest";
import type { ControllerView } from "../../controller.ts";
import type { Owner } from "../../owner.ts";
import { sizedPodOf } from "./sized-pod.ts";
import { keyOf, titleOfKey, workloadOf } from "./workload.ts";

const owner = (apiVersion: string, kind: string, name = "it"): Owner => ({ apiVersion, kind, name, uid: `${kind}-${name}` });
const between = (kind: string, of: Owner | undefined, more: Partial<ControllerView> = {}): ControllerView => ({
  kind,
  namespace: "a",
  name: "it",
  uid: `${kind}-it`,
  owner: of,
  ...more,
});

const run = owner("plimsoll.dev/v1alpha1", "PipelineRun");

test.each<[string, Owner | undefined, ControllerView | undefined, string | undefined]>([
  ["nobody's", undefined, undefined, "/Pod/web-0//c"],
  ["a StatefulSet's", owner("apps/v1", "StatefulSet"), undefined, "apps/StatefulSet/it//c"],
  ["a Deployment's", owner("apps/v1", "ReplicaSet"), between("ReplicaSet", owner("apps/v1", "Deployment")), "apps/Deployment/it//c"],
  ["a ReplicaSet's", owner("apps/v1", "ReplicaSet"), between("ReplicaSet", undefined), "apps/ReplicaSet/it//c"],
  ["a CronJob's", owner("batch/v1", "Job"), between("Job", owner("batch/v1", "CronJob", "nightly")), "batch/CronJob/nightly//c"],
  [
    "a Job's of a name that the API server has made",
    owner("batch/v1", "Job"),
    between("Job", undefined, { generateName: "etl-" }),
    "batch/Job/etl-*//c",
  ],
  [
    "a CronJob's of such a name",
    owner("batch/v1", "Job"),
    between("Job", owner("batch/v1", "CronJob", "nightly"), { generateName: "etl-" }),
    "batch/CronJob/nightly//c",
  ],
  ["a Job's that isn't known yet", owner("batch/v1", "Job"), undefined, undefined],
  // VerticalPodAutoscaler 1.8 takes it for Kubernetes' own.
  ["a Job's of another group", owner("batch.example.org/v1", "Job"), between("Job", undefined), "batch.example.org/Job/it//c"],
  ["a run's that names its pipeline", run, between("PipelineRun", undefined, { pipeline: "etl" }), "plimsoll.dev/Pipeline/etl/load/c"],
  ["a run's that holds its own", run, between("PipelineRun", undefined, { pipeline: "" }), "plimsoll.dev/PipelineRun/it/load/c"],
  [
    "a run's of a schedule",
    run,
    between("PipelineRun", owner("plimsoll.dev/v1alpha1", "PipelineSchedule", "daily"), { pipeline: "" }),
    "plimsoll.dev/PipelineSchedule/daily/load/c",
  ],
])("a pod that is %s", (_, of, known, key) => {
  const pod = { ...sizedPodOf({ metadata: { namespace: "a", name: "web-0", labels: { "plimsoll.dev/step": "load" } } }), owner: of };
  const workload = workloadOf(pod, () => known);
  expect(workload && keyOf(workload, "c")).toBe(key);
});

test.each([
  [{ apiVersion: "apps/v1", kind: "Deployment", name: "web" }, "Deployment/web, container app"],
  [{ apiVersion: "v1", kind: "Pod", name: "web" }, "Pod/web, container app"],
  [{ apiVersion: "batch/v1", kind: "Job", name: "example.org/team=etl" }, "Job/example.org/team=etl, container app"],
  [{ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", name: "etl", step: "load" }, "Pipeline/etl, step load, container app"],
])("of a key, the title is known: %j", (workload, title) => {
  expect(titleOfKey(keyOf({ namespace: "a", ...workload }, "app"))).toBe(title);
});
