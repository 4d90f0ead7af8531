import type { PodOptions, Step } from "@plimsoll/api";
import type { PodSecurityContext, SecurityContext } from "kubernetes-types/core/v1.d.ts";
import { asKubernetes } from "./as-kubernetes.ts";

type Given = NonNullable<Step["securityContext"]>;

/** The restricted Pod Security Standard, but for what the user says of the pod. */
export function podSecurity({ securityContext: own = {} }: PodOptions): PodSecurityContext {
  const { runAsNonRoot = true, runAsUser = 1000, runAsGroup = 1000, fsGroup = 1000, fsGroupChangePolicy, supplementalGroups } = own;
  return asKubernetes({
    runAsNonRoot,
    runAsUser,
    runAsGroup,
    fsGroup,
    fsGroupChangePolicy,
    supplementalGroups,
    seccompProfile: { type: "RuntimeDefault" },
  });
}

/** The restricted Pod Security Standard, but for what the user says of a container. */
export function restricted(own: Given = {}): SecurityContext {
  return asKubernetes({
    // Kubernetes refuses a privileged container that may not escalate.
    ...(own.privileged ? {} : { allowPrivilegeEscalation: false }),
    ...own,
    capabilities: { drop: ["ALL"], ...own.capabilities },
  });
}

/** As `restricted`, of the step's container: its own fields, and behind them those that the pod's options have for it. */
export function stepSecurity({ securityContext: pod = {} }: PodOptions, own: Given = {}): SecurityContext {
  const { privileged, readOnlyRootFilesystem, addCapabilities } = pod;
  return restricted({
    ...(privileged ? { privileged } : {}),
    ...(readOnlyRootFilesystem ? { readOnlyRootFilesystem } : {}),
    ...own,
    capabilities: { ...(addCapabilities ? { add: addCapabilities } : {}), ...own.capabilities },
  });
}
