import { resource, type KubeObject } from "@plimsoll/kube";
import type { Load } from "../../loads.ts";

/** A PipelineRun of Tekton's, as far as it is looked at here. */
export interface TektonRun extends KubeObject {
  spec?: object;
  status?: { conditions?: { type: string; status: string; message?: string }[]; completionTime?: string };
}

export const pipelineRuns = resource<TektonRun>({
  group: "tekton.dev",
  version: "v1",
  plural: "pipelineruns",
  kind: "PipelineRun",
  namespaced: true,
});

/** The same runs for Tekton: a step is a Task with one step, and items are a matrix. */
export function asTekton({ namespace, pipeline, runs }: Load): TektonRun[] {
  const { nodeSelector, tolerations } = pipeline.pod ?? {};
  const tasks = pipeline.steps.map(({ name, needs = [], image, command, script, forEach, resources }) => ({
    name,
    runAfter: needs,
    ...(Array.isArray(forEach) && { matrix: { params: [{ name: "item", value: forEach.map(String) }] } }),
    taskSpec: {
      ...(forEach !== undefined && { params: [{ name: "item", type: "string" }] }),
      steps: [
        {
          name: "step",
          image,
          computeResources: resources,
          ...(command && { command }),
          ...(script !== undefined && { script: `#!/bin/sh\n${script.replaceAll("${{ item }}", "$(params.item)")}` }),
        },
      ],
    },
  }));
  const podTemplate = { nodeSelector, tolerations };
  return runs.map(({ metadata }) => ({
    apiVersion: "tekton.dev/v1",
    kind: "PipelineRun",
    metadata: { name: metadata?.name ?? "", namespace },
    spec: { pipelineSpec: { tasks }, taskRunTemplate: { podTemplate } },
  }));
}
