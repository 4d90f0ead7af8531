import { expect, test } from "vitest";
import { readBy } from "../problems/issues.ts";
import { rightSizingPolicy } from "./right-sizing-policy.ts";

const problemsOf = (spec: object): string[] => {
  const [version] = rightSizingPolicy.versions;
  const read = readBy(version.schema, { apiVersion: "plimsoll.dev/v1alpha1", kind: "RightSizingPolicy", metadata: { name: "a" }, spec });
  return "problems" in read ? read.problems.map(({ path, message }) => `${path.join(".")}: ${message}`) : [];
};

test.each<[string, object, RegExp]>([
  ["a label's value", { selector: { matchLabels: { app: "c d" } } }, /^spec.selector.matchLabels.app: is "c d": must be a label's value/],
  ["a label's key", { selector: { matchLabels: { "a b": "c" } } }, /^spec.selector.matchLabels.a b: must be a label's key/],
  [
    "a label's key of an expression",
    { selector: { matchExpressions: [{ key: "-", operator: "Exists" }] } },
    /^spec.selector.matchExpressions.0.key: is "-": must be a label's key/,
  ],
  ["the label of jobs", { jobs: { label: "not a label!" } }, /^spec.jobs.label: is "not a label!": must be a label's key/],
  ["a kind's case", { workloads: [{ kind: "deployment" }] }, /^spec.workloads.0.kind: is "deployment": write the kind, Deployment$/],
  [
    "a resource in place of a kind",
    { workloads: [{ kind: "cronjobs" }] },
    /^spec.workloads.0.kind: is "cronjobs": write the kind, CronJob$/,
  ],
  ["an apiVersion", { workloads: [{ apiVersion: "apps/v1/x", kind: "Deployment" }] }, /^spec.workloads.0.apiVersion: .* as in apps\/v1/],
  ["a container's name", { containers: [{ name: "A_b" }] }, /^spec.containers.0.name: is "A_b": must be a container's name/],
  ["a resource given twice", { resources: ["cpu", "cpu"] }, /^spec.resources.1: "cpu" is entry 0 already/],
])("%s that chooses nothing is told", (_, spec, message) => {
  expect(problemsOf(spec)).toEqual([expect.stringMatching(message)]);
});

test("what Kubernetes takes is taken", () => {
  const matchLabels = { app: "", "app.kubernetes.io/name": "Web_1.2-x" };
  const workloads = [
    { apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication" },
    { apiVersion: "v1", kind: "Pod" },
    { kind: "widget" },
  ];
  expect(problemsOf({ selector: { matchLabels }, workloads, containers: [{ name: "app-1" }] })).toEqual([]);
});
