import { reserved, type PodOptions } from "@plimsoll/api";
import type { Container, EnvVar } from "kubernetes-types/core/v1.d.ts";
import type { Files } from "./files/files.ts";
import { asKubernetes } from "./as-kubernetes.ts";
import type { PodFrame, PodSource } from "./files/source.ts";
import { renderStepResources } from "./resources.ts";
import { stepSecurity } from "./security.ts";
import type { Texts } from "./files/texts.ts";

/** The container that runs what the step says. */
export function renderContainer(
  { plan, step: { spec }, memory, given }: PodFrame,
  options: PodOptions,
  texts: Texts,
  files: Files,
): Container {
  const mounts = [
    ...(plan.workspace ? [{ name: reserved.workspace, mountPath: reserved.workspacePath }] : []),
    ...files.mounts,
    ...(spec.volumeMounts ?? []),
  ];
  return asKubernetes<Container>({
    name: reserved.container,
    image: texts.image,
    imagePullPolicy: spec.imagePullPolicy ?? "IfNotPresent",
    command: texts.command ?? files.command,
    args: texts.args,
    workingDir: plan.workspace && reserved.workspacePath,
    envFrom: spec.envFrom,
    env: renderEnv(spec.env, texts, files),
    terminationMessagePath: reserved.outputsPath,
    resources: renderStepResources(spec.resources, memory, given),
    volumeMounts: mounts.length > 0 ? mounts : undefined,
    securityContext: stepSecurity(options, spec.securityContext),
  });
}

/** In the order in which they are given: a value can refer to what stands before it. */
function renderEnv(given: PodSource["step"]["spec"]["env"] = [], texts: Texts, files: Files): EnvVar[] {
  const own = given.map(({ name, valueFrom }) =>
    asKubernetes<EnvVar>(valueFrom ? { name, valueFrom } : { name, value: texts.env.get(name) }),
  );
  return [...own, { name: `${reserved.env}OUTPUTS`, value: reserved.outputsPath }, ...files.env];
}
