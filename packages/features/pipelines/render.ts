import type { Job, JobSpec } from "kubernetes-types/batch/v1.d.ts";
import type { ConfigMap, PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Variables } from "./language/expression.ts";
import { jobName, scriptsName, workspaceName } from "./names.ts";
import type { Plan, PlanStep } from "./plan/plan.ts";
import { renderPod, scriptAnnotation } from "./pod.ts";
import { labels } from "./view.ts";

/** Whose objects are rendered, and what their expressions see. */
export interface Rendering {
  run: RunIdentity;
  plan: Plan;
  step: PlanStep;
  variables: Variables;
  /** How long the Job may take, in seconds; undefined: no limit. */
  timeout: number | undefined;
}

export interface RunIdentity {
  namespace: string;
  name: string;
  uid: string;
}

/** A ConfigMap can hold 1 MiB together with its metadata. */
const configMapLimit = 900 * 1024;

/** The Job of a step that runs once, or of one item. Throws an Error when an expression can't be evaluated. */
export function renderJob(rendering: Rendering, item?: number): Job {
  const { run, step, variables } = rendering;
  const script = step.script && withInterpreter(step.script.render(variables));
  const pod = renderPod(
    rendering,
    script === undefined
      ? undefined
      : {
          sources: [
            { downwardAPI: { items: [{ path: "script", fieldRef: { fieldPath: `metadata.annotations['${scriptAnnotation}']` } }] } },
          ],
          mount: { subPath: "script" },
        },
  );
  const own = { ...stepLabels(run, step), ...(item === undefined ? {} : { [labels.item]: String(item) }) };
  return {
    metadata: owned(run, jobName(run.name, step.name, item), own),
    spec: {
      ...common(rendering),
      backoffLimit: step.spec.retry?.limit ?? 0,
      template: { metadata: { labels: own, ...(script === undefined ? {} : { annotations: { [scriptAnnotation]: script } }) }, spec: pod },
    },
  };
}

/** The one Job of all items, each pod of which finds the script of its own item; and the ConfigMaps with the scripts. */
export function renderIndexedJob(rendering: Rendering, variablesOfItems: readonly Variables[]): { job: Job; configMaps: ConfigMap[] } {
  const { run, step } = rendering;
  const scripts = variablesOfItems.map((variables) => withInterpreter(step.script?.render(variables) ?? ""));
  const configMaps = pack(scripts).map((data, part): ConfigMap => ({
    metadata: owned(run, scriptsName(run.name, step.name, part), stepLabels(run, step)),
    immutable: true,
    data,
  }));
  const pod = renderPod(rendering, {
    sources: configMaps.map(({ metadata }) => ({ configMap: { name: metadata?.name ?? "" } })),
    mount: { subPathExpr: "$(JOB_COMPLETION_INDEX)" },
  });
  const job: Job = {
    metadata: owned(run, jobName(run.name, step.name), stepLabels(run, step)),
    spec: {
      ...common(rendering),
      completionMode: "Indexed",
      completions: scripts.length,
      parallelism: step.spec.parallelism ?? scripts.length,
      backoffLimitPerIndex: step.spec.retry?.limit ?? 0,
      template: { metadata: { labels: stepLabels(run, step) }, spec: pod },
    },
  };
  return { job, configMaps };
}

/** The volume that all steps of a run share. */
export function renderWorkspace(run: RunIdentity, workspace: NonNullable<Plan["workspace"]>): PersistentVolumeClaim {
  return {
    metadata: owned(run, workspaceName(run.name), runLabels(run)),
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: String(workspace.size) } },
      ...(workspace.storageClassName === undefined ? {} : { storageClassName: workspace.storageClassName }),
    },
  };
}

/** A pod lost to a disruption is replaced and doesn't count as a failed try (KEP-3329). */
function common({ timeout }: Rendering): Omit<JobSpec, "template"> {
  return {
    podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }] },
    podReplacementPolicy: "Failed",
    ...(timeout === undefined ? {} : { activeDeadlineSeconds: timeout }),
  };
}

/** As many scripts to a ConfigMap as it can hold, each under the number of its item. */
function pack(scripts: readonly string[]): Record<string, string>[] {
  const parts: Record<string, string>[] = [];
  let size = Infinity;
  for (const [item, script] of scripts.entries()) {
    const bytes = Buffer.byteLength(script) + 16;
    if (size + bytes > configMapLimit) {
      parts.push({});
      size = 0;
    }
    size += bytes;
    const part = parts.at(-1);
    if (part) part[String(item)] = script;
  }
  return parts;
}

function withInterpreter(script: string): string {
  return script.startsWith("#!") ? script : `#!/bin/sh\n${script}`;
}

function runLabels(run: RunIdentity): Record<string, string> {
  return { [labels.run]: run.name, [labels.runUid]: run.uid };
}

function stepLabels(run: RunIdentity, step: PlanStep): Record<string, string> {
  return { ...runLabels(run), [labels.step]: step.name };
}

function owned(run: RunIdentity, name: string, own: Record<string, string>): ObjectMeta {
  return {
    namespace: run.namespace,
    name,
    labels: own,
    ownerReferences: [{ apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: run.name, uid: run.uid, controller: true }],
  };
}
