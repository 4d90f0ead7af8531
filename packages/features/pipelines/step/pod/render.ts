import type { PodOptions } from "@plimsoll/api";
import type { Container, Pod, PodSpec, SecurityContext, VolumeMount, VolumeProjection } from "kubernetes-types/core/v1.d.ts";
import type { Variables } from "../../language/expression.ts";
import { workspaceName } from "../names.ts";
import type { Plan, PlanStep } from "../../plan/plan.ts";
import type { Meter } from "../../language/meter.ts";
import { annotations, labels, type RunIdentity } from "../labels.ts";
import { containerName } from "./view.ts";

/** Where a single pod's script travels: from the annotation it is mounted as a file, so that no ConfigMap is needed. */
export const scriptAnnotation = "plimsoll.dev/script";

const scriptPath = "/plimsoll/script";
const outputsPath = "/dev/termination-log";

/** Where a pod finds its script. */
interface ScriptVolume {
  sources: VolumeProjection[];
  mount: Pick<VolumeMount, "subPath" | "subPathExpr">;
}

export interface PodSource {
  run: RunIdentity & { labels?: Readonly<Record<string, string>>; annotations?: Readonly<Record<string, string>> };
  plan: Pick<Plan, "pod" | "workspace">;
  step: PlanStep;
  variables: Variables;
  meter: Meter;
  item?: { index: number; value: unknown };
  try: number;
  name: string;
  deadline: number | undefined;
  memory: number;
  record: string | undefined;
}

export function renderPod(source: PodSource): Pod {
  const { run, step, variables, meter, name, item } = source;
  const text = step.templates().script?.render(variables, meter);
  const script = text === undefined ? undefined : text.startsWith("#!") ? text : `#!/bin/sh\n${text}`;
  return {
    metadata: {
      namespace: run.namespace,
      name,
      labels: {
        [labels.run]: run.name,
        [labels.runUid]: run.uid,
        [labels.step]: step.name,
        ...(item === undefined ? {} : { [labels.item]: String(item.index) }),
        [labels.try]: String(source.try),
      },
      annotations: {
        ...(script === undefined ? {} : { [scriptAnnotation]: script }),
        ...(source.record === undefined ? {} : { [annotations.record]: source.record }),
      },
      ownerReferences: [{ apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: run.name, uid: run.uid, controller: true }],
    },
    spec: {
      ...renderSpec(
        source,
        script === undefined
          ? undefined
          : {
              sources: [
                { downwardAPI: { items: [{ path: "script", fieldRef: { fieldPath: `metadata.annotations['${scriptAnnotation}']` } }] } },
              ],
              mount: { subPath: "script" },
            },
      ),
      ...(source.deadline === undefined ? {} : { activeDeadlineSeconds: Math.max(1, source.deadline) }),
    },
  };
}

/** The pod of a step: one container, as the user gave it, under the restricted Pod Security Standard unless the user asks otherwise. */
function renderSpec({ run, plan, step, variables, meter }: PodSource, script: ScriptVolume | undefined): PodSpec {
  const templates = step.templates();
  const options: PodOptions = { ...plan.pod, ...step.spec.pod };
  const { runAsNonRoot = true, runAsUser = 1000, runAsGroup = 1000, fsGroup = 1000 } = options.securityContext ?? {};
  const mounts: VolumeMount[] = [
    ...(plan.workspace ? [{ name: "workspace", mountPath: "/workspace" }] : []),
    ...(script ? [{ name: "script", mountPath: scriptPath, readOnly: true, ...script.mount }] : []),
  ];
  const container: Container = {
    name: containerName,
    image: templates.image.render(variables, meter),
    imagePullPolicy: step.spec.imagePullPolicy ?? "IfNotPresent",
    ...(script ? { command: [scriptPath] } : {}),
    ...(templates.command ? { command: templates.command.map((part) => part.render(variables, meter)) } : {}),
    ...(templates.args ? { args: templates.args.map((part) => part.render(variables, meter)) } : {}),
    ...(plan.workspace ? { workingDir: "/workspace" } : {}),
    env: [
      ...templates.env.map(({ name, value }) => ({ name, value: value.render(variables, meter) })),
      { name: "PLIMSOLL_OUTPUTS", value: outputsPath },
    ],
    terminationMessagePath: outputsPath,
    ...(step.spec.resources ? { resources: toResources(step.spec.resources) } : {}),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
    securityContext: containerSecurity(options),
  };
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: options.serviceAccountName !== undefined,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot, runAsUser, runAsGroup, fsGroup, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
    ...volumes(run, plan, script),
    ...placement(options),
  };
}

function volumes(run: { name: string }, plan: Pick<Plan, "pod" | "workspace">, script: ScriptVolume | undefined): Pick<PodSpec, "volumes"> {
  const all = [
    ...(plan.workspace ? [{ name: "workspace", persistentVolumeClaim: { claimName: workspaceName(run.name) } }] : []),
    ...(script ? [{ name: "script", projected: { defaultMode: 0o555, sources: script.sources } }] : []),
  ];
  return all.length > 0 ? { volumes: all } : {};
}

function containerSecurity({ securityContext: own = {} }: PodOptions): SecurityContext {
  return {
    ...(own.privileged ? { privileged: true } : { allowPrivilegeEscalation: false }),
    capabilities: { drop: ["ALL"], ...(own.addCapabilities ? { add: own.addCapabilities } : {}) },
    ...(own.readOnlyRootFilesystem ? { readOnlyRootFilesystem: true } : {}),
  };
}

function placement(options: PodOptions): Partial<PodSpec> {
  const { nodeSelector, tolerations, priorityClassName, runtimeClassName, serviceAccountName, imagePullSecrets } = options;
  const given = { nodeSelector, tolerations, priorityClassName, runtimeClassName, serviceAccountName, imagePullSecrets };
  return JSON.parse(JSON.stringify(given)) as Partial<PodSpec>;
}

function toResources(resources: NonNullable<PlanStep["spec"]["resources"]>): NonNullable<Container["resources"]> {
  const asText = (amounts: Record<string, string | number>): Record<string, string> =>
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)]));
  return {
    ...(resources.requests ? { requests: asText(resources.requests) } : {}),
    ...(resources.limits ? { limits: asText(resources.limits) } : {}),
  };
}
