import type { View } from "@plimsoll/kube";
import type { NodeSelector, PersistentVolume, PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";

interface Claim {
  volume: string;
}

interface Volume {
  nodes: NodeSelector | undefined;
}

/** What the draining wants of PersistentVolumeClaims: those that are bound. */
export const claims = {
  project: ({ spec }: PersistentVolumeClaim): Claim | undefined => (spec?.volumeName ? { volume: spec.volumeName } : undefined),
};

/** What the draining wants of PersistentVolumes: those that can't be reached from everywhere. */
export const volumes = {
  project: ({ spec }: PersistentVolume): Volume | undefined =>
    spec?.nodeAffinity?.required === undefined ? undefined : { nodes: spec.nodeAffinity.required },
};

/** From which nodes the volume of a claim can be reached; undefined: from everywhere, as far as is known. */
export function reach(
  of: { claims: View<PersistentVolumeClaim, Claim>; volumes: View<PersistentVolume, Volume> },
  namespace: string,
  name: string,
): NodeSelector | undefined {
  const claim = of.claims.get(namespace, name);
  return claim && of.volumes.get(undefined, claim.volume)?.nodes;
}
