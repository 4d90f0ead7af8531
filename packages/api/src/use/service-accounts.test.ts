import { expect, test } from "vitest";
import { problemText } from "../problems/problem.ts";
import { readManifests } from "../manifest.ts";
import { accountsIn } from "./service-accounts.ts";
import { unlistedIn } from "./unlisted.ts";

const steps = [{ name: "a", pod: { serviceAccountName: "b" } }, { name: "c" }];

test.each<[string, object, string[]]>([
  ["a run that names its pipeline", { pipelineRef: { name: "p" }, serviceAccountNames: ["x", "y"] }, ["x", "y"]],
  ["a run with its own", { pipeline: { pod: { serviceAccountName: "p" }, steps, finally: steps } }, ["p", "b", "b"]],
  ["a Job", { template: { spec: { serviceAccountName: "x" } } }, ["x"]],
  ["a Job by the field's old name", { template: { spec: { serviceAccount: "x" } } }, ["x"]],
  ["a pod", { serviceAccountName: "x", serviceAccount: "y" }, ["x", "y"]],
  ["one that names none", { pipeline: { pod: { serviceAccountName: "" }, steps: [{ name: "a", pod: null }] }, template: [] }, []],
])("of a template of %s the ServiceAccounts are known", (_, spec, accounts) => {
  expect(accountsIn({ spec: spec as Record<string, unknown> }, "s").map(({ name }) => name)).toEqual(accounts);
});

const file = (names: string): string => `
apiVersion: plimsoll.dev/v1alpha1
kind: Pipeline
metadata: {name: p}
spec: {steps: [{name: a, image: b, pod: {serviceAccountName: deploy}}]}
---
apiVersion: plimsoll.dev/v1alpha1
kind: PipelineRun
metadata: {name: r}
spec: {pipelineRef: {name: p}${names}}
---
apiVersion: plimsoll.dev/v1alpha1
kind: PipelineSchedule
metadata: {name: s}
spec: {interval: 1h, template: {spec: {pipelineRef: {name: p}${names}}}}
---
apiVersion: plimsoll.dev/v1alpha1
kind: Backfill
metadata: {name: f}
spec: {schedule: s, from: "2027-01-01T00:00:00Z", to: "2027-01-02T00:00:00Z"}
`;

const said = (text: string): string[] =>
  unlistedIn(readManifests(text).manifests).map((problem) => `${problem.line} ${problemText(problem)}`);

test("of a file that holds what is named, each list that lacks a ServiceAccount is told", () => {
  const lacks = 'serviceAccountNames: lacks ServiceAccount "deploy", as which';
  const remedy = "runs: give serviceAccountNames: [deploy]";
  expect(said(file(""))).toEqual([
    `10 spec.${lacks} step "a" of Pipeline "p" ${remedy}`,
    `15 spec.template.spec.${lacks} step "a" of Pipeline "p" ${remedy}`,
  ]);
  expect(said(file(", serviceAccountNames: [deploy]"))).toEqual([`20 spec.${lacks} what PipelineSchedule "s" starts ${remedy}`]);
});

test("what another namespace has isn't meant", () => {
  expect(said(file("").replace("{name: p}", "{name: p, namespace: other}"))).toEqual([]);
});
