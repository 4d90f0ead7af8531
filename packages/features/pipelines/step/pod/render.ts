import type { PodOptions } from "@plimsoll/api";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { renderContainer } from "./container.ts";
import { renderFiles } from "./files/files.ts";
import { renderInitContainer } from "./init-container.ts";
import { renderMetadata } from "./metadata.ts";
import { applyPatch } from "./patch.ts";
import { renderPlacement } from "./placement.ts";
import { podSecurity } from "./security.ts";
import type { PodFrame, PodSource } from "./files/source.ts";
import { renderTexts, type Texts } from "./files/texts.ts";
import { renderVolumes } from "./files/volumes.ts";

export type { PodSource };

/**
 * The pod of one try: the step's container under the restricted Pod Security Standard, unless the user asks otherwise, and what else the pod's
 * options say. Throws a TemplateError where an expression has no value, or the pod would be none that Kubernetes takes or Plimsoll knows again.
 */
export function renderPod(source: PodSource): Pod {
  return assemblePod(source, renderTexts(source));
}

/** The same, of what the step's expressions have come to. */
export function assemblePod(source: PodFrame, texts: Texts): Pod {
  const { run, plan, step, item, deadline } = source;
  const options: PodOptions = { ...plan.pod, ...step.spec.pod };
  const files = renderFiles(texts.script, item);
  const pod: Pod = {
    metadata: renderMetadata(source, options, files.annotations),
    spec: {
      restartPolicy: "Never",
      ...(deadline === undefined ? {} : { activeDeadlineSeconds: Math.max(1, Math.ceil(deadline)) }),
      automountServiceAccountToken: Boolean(options.serviceAccountName),
      enableServiceLinks: false,
      securityContext: podSecurity(options),
      ...(options.initContainers ? { initContainers: options.initContainers.map(renderInitContainer) } : {}),
      containers: [renderContainer(source, options, texts, files)],
      ...renderVolumes(run, plan.workspace, options, files),
      ...renderPlacement(run, plan.workspace, options),
    },
  };
  return options.patch === undefined ? pod : applyPatch(pod, options.patch);
}
