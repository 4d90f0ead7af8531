import { titleOf, type LiveObject } from "./live-object.ts";

/** The Helm release that an object belongs to. */
export interface HelmRelease {
  name: string;
  namespace: string;
}

/** Undefined for what Helm doesn't keep up. */
export function helmReleaseOf({ metadata: { labels = {}, annotations = {}, namespace = "" } }: LiveObject): HelmRelease | undefined {
  const name = annotations["meta.helm.sh/release-name"];
  if (name === undefined && labels["app.kubernetes.io/managed-by"] !== "Helm") return undefined;
  return { name: name ?? "RELEASE", namespace: annotations["meta.helm.sh/release-namespace"] ?? namespace };
}

/** Why an installation in a namespace can't be changed here, as Helm keeps it up, and the way out; undefined where it can. */
export function helmRefusal(namespace: string, objects: readonly LiveObject[]): string | undefined {
  for (const object of objects) {
    const release = helmReleaseOf(object);
    if (release === undefined) continue;
    const what = `${titleOf(object)} belongs to the Helm release ${release.name} in namespace ${release.namespace}`;
    if (object.kind === "CustomResourceDefinition" && release.namespace !== namespace)
      return `${what}, which keeps Plimsoll's kinds up: leave them to it with --set crds.create=false`;
    return `${what}, and is changed by Helm alone: helm upgrade ${release.name} CHART -n ${release.namespace} --reset-then-reuse-values --set KEY=VALUE`;
  }
  return undefined;
}
