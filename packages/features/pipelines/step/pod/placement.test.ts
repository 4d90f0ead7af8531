import { expect, test } from "vitest";
import { renderPlacement } from "./placement.ts";
import { renderWorkspace } from "./files/workspace.ts";

const run = { namespace: "ns", name: "run", uid: "uid" };
const beside = { labelSelector: { matchLabels: { "plimsoll.dev/run-uid": "uid" } }, topologyKey: "kubernetes.io/hostname" };

test("pods with a volume of one node go where others of the run are, beside what the user asks for", () => {
  const required = { labelSelector: { matchLabels: { app: "cache" } }, topologyKey: "zone" };
  const preferred = [{ weight: 1, podAffinityTerm: required }];
  const own = {
    nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] },
    podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred, requiredDuringSchedulingIgnoredDuringExecution: [required] },
  };
  expect(renderPlacement(run, { size: "1Gi" }, {})).toEqual({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [beside] } },
  });
  expect(renderPlacement(run, { size: "1Gi", accessMode: "ReadWriteOnce" }, { affinity: own })).toEqual({
    affinity: { ...own, podAffinity: { ...own.podAffinity, requiredDuringSchedulingIgnoredDuringExecution: [required, beside] } },
  });
});

test("pods with a volume of many nodes, or none, go anywhere", () => {
  expect(renderPlacement(run, { size: "1Gi", accessMode: "ReadWriteMany" }, {})).toEqual({});
  expect(renderPlacement(run, undefined, { affinity: { podAntiAffinity: {} }, dnsPolicy: "None" })).toEqual({
    affinity: { podAntiAffinity: {} },
    dnsPolicy: "None",
  });
});

test("the workspace is the run's own, and of the access mode that is asked for", () => {
  expect(renderWorkspace(run, { size: "1Gi" })).toMatchObject({
    metadata: { name: "run--workspace", labels: { "plimsoll.dev/run-uid": "uid" }, ownerReferences: [{ uid: "uid", controller: true }] },
    spec: { accessModes: ["ReadWriteOnce"] },
  });
  expect(renderWorkspace(run, { size: "1Gi", accessMode: "ReadWriteMany", storageClassName: "nfs" })).toMatchObject({
    spec: { accessModes: ["ReadWriteMany"], storageClassName: "nfs" },
  });
});
