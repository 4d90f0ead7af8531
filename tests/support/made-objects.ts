import type { Step } from "@plimsoll/api";
import { idlePod, simulated } from "./cluster.ts";

/** Kinds that the installation of a test lets steps make. */
export const grantedKinds = [
  { apiVersion: "batch/v1", kind: "Job", resource: "jobs" },
  { apiVersion: "example.dev/v1", kind: "Study", resource: "studies" },
];

/** The definition of a small kind of example.dev as an operator has it, whose status has no conditions. */
export function definitionOf(kind: string, plural: string) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.example.dev` },
    spec: {
      group: "example.dev",
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
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
}

export const studies = definitionOf("Study", "studies");

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
