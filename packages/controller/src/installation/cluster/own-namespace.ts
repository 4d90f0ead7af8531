import { installationLabel } from "../../roles.ts";
import type { LiveObject } from "../live-object.ts";
import type { KubernetesObject } from "../objects/metadata.ts";

/** False for a namespace that somebody else has made: it is left as it is. */
export function isOurNamespace(
  { kind, metadata: { name } }: Pick<KubernetesObject, "kind" | "metadata">,
  live: LiveObject | undefined,
): boolean {
  return kind !== "Namespace" || live === undefined || live.metadata.labels?.[installationLabel] === name;
}
