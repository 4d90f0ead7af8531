import type { Step } from "@plimsoll/api";
import { idlePod, simulated } from "./cluster.ts";

/** Kinds that the installation of a test lets steps make. */
export const grantedKinds = [
  { apiVersion: "batch/v1", kind: "Job", resource: "jobs" },
  { apiVersion: "example.dev/v1", kind: "Study", resource: "studies" },
];

/** A small kind as an operator has it, whose status has no conditions. */
export const studies = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "studies.example.dev" },
  spec: {
    group: "example.dev",
    scope: "Namespaced",
    names: { kind: "Study", plural: "studies", singular: "study" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

const { spec: idle } = idlePod("", "");

/** A step that makes a Job whose pods no node takes, or complete at once. */
export function jobStep(name: string, { runs = true, spec = {}, ...more }: Partial<Step> & { runs?: boolean; spec?: object } = {}): Step {
  const pod = { ...idle, ...(runs ? simulated : {}), restartPolicy: "Never" };
  return { name, manifest: { apiVersion: "batch/v1", kind: "Job", spec: { ...spec, template: { spec: pod } } }, ...more };
}

/** A step that makes a Study. */
export function studyStep(name: string, spec: object, more: Partial<Step> = {}): Step {
  return {
    name,
    manifest: { apiVersion: "example.dev/v1", kind: "Study", spec },
    succeeded: "object.status.trials >= object.spec.trials",
    failed: "object.status.broken",
    outputs: { best: "object.status.best" },
    ...more,
  };
}
