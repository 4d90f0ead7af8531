import { expect, test } from "vitest";
import { parse } from "yaml";
import { formatPath } from "../problems/path.ts";
import { patchProblems } from "./patch.ts";

const problemsOf = (patch: string): string[] =>
  [...patchProblems(parse(patch))].map(({ path, message }) => `${formatPath(path)}: ${message}`);

test.each([
  "{}",
  "{metadata: {annotations: {example.com/a: x, b: null}}}",
  "{spec: {containers: [{name: step, env: [{name: A, $patch: delete}], resources: {$patch: replace}}, {name: more, image: i}]}}",
  "{spec: {initContainers: [{$patch: replace}, {name: i, image: i}], tolerations: [{operator: Exists}], affinity: null}}",
  "{spec: {topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1}], hostAliases: [{ip: 10.0.0.1, $patch: delete}]}}",
])("the patch %s is taken", (patch) => {
  expect(problemsOf(patch)).toEqual([]);
});

test.each([
  ["{sepc: {}}", "sepc: a patch changes metadata and spec alone: take it out"],
  ["{metadata: {name: x}}", "metadata.name: a patch changes labels and annotations alone: take it out"],
  ["{metadata: {ownerReferences: []}}", "metadata.ownerReferences: a patch changes labels and annotations alone: take it out"],
  ["{metadata: null}", "metadata: can't be taken away: it holds what says whose the pod is"],
  ["{metadata: {labels: {$patch: replace}}}", "metadata.labels.$patch: this can't be replaced whole: it holds what says whose the pod is"],
  [
    "{metadata: {labels: {plimsoll.dev/run: null}}}",
    'metadata.labels["plimsoll.dev/run"]: what begins with plimsoll.dev/ is Plimsoll\'s: give the label another name',
  ],
  ["{metadata: {annotations: {a: 1}}}", "metadata.annotations.a: must be a string: put it in quotes"],
  ["{spec: {restartPolicy: Always}}", "spec.restartPolicy: is Never in every pod of a step: take it out; tries are the step's retry"],
  ["{spec: {activeDeadlineSeconds: 5}}", "spec.activeDeadlineSeconds: is worked out from the step's timeout: give the step a timeout"],
  ["{spec: {containers: null}}", "spec.containers: can't be taken away: it holds what says whose the pod is"],
  [
    "{spec: {containers: [{$patch: replace}]}}",
    'spec.containers[0].$patch: the container "step" has to stay: say what is to be different in it',
  ],
  [
    "{spec: {containers: [{name: step, $patch: delete}]}}",
    'spec.containers[0].$patch: the container "step" has to stay: say what is to be different in it',
  ],
  ["{spec: {containers: {name: step}}}", "spec.containers: must be a list"],
  ["{spec: {containers: [{image: i}]}}", "spec.containers[0].name: is missing: it tells which entry of the list is meant"],
  [
    "{spec: {containers: [{name: step, volumeMounts: [{name: v}]}]}}",
    "spec.containers[0].volumeMounts[0].mountPath: is missing: it tells which entry of the list is meant",
  ],
  [
    "{spec: {volumes: [{$patch: replace}, {name: v}, {name: v, $patch: delete}]}}",
    'spec.volumes[2].name: "v" stands in entry 1 already: give each its own',
  ],
  ["{spec: {volumes: [v]}}", "spec.volumes[0]: must be a map with name"],
  ["{spec: {affinity: {$patch: merg}}}", 'spec.affinity.$patch: is "merg": must be delete, replace or merge'],
  ["{spec: {$retainKeys: [a]}}", "spec.$retainKeys: there is no such directive; there is $patch"],
  ["{spec: []}", "spec: must be a map"],
])("the patch %s is refused, with the field", (patch, problem) => {
  expect(problemsOf(patch)).toEqual([problem]);
});
