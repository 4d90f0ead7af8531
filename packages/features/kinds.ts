import type { Pipeline, PipelineRun } from "@plimsoll/api";
import { builtin, gate, resource } from "@plimsoll/kube";

const group = "plimsoll.dev";
const version = "v1alpha1";

/** Plimsoll's own kinds, for a gate's catalogue. */
export const kinds = {
  "pipelines.plimsoll.dev": resource<Pipeline>({ group, version, plural: "pipelines", kind: "Pipeline", namespaced: true }),
  "pipelineruns.plimsoll.dev": resource<PipelineRun>({ group, version, plural: "pipelineruns", kind: "PipelineRun", namespaced: true }),
  "pipelineruns.plimsoll.dev/status": resource<PipelineRun>({
    group,
    version,
    plural: "pipelineruns",
    kind: "PipelineRun",
    namespaced: true,
    subresource: "status",
  }),
};

const catalogue = { ...builtin, ...kinds };

/** All resources that features may declare. */
export type Catalogue = typeof catalogue;

/** How features, and what uses the same kinds, declare what they may do. */
export const { declare, allow } = gate(catalogue);
