import { isNotFound, isNotServed, type Clock } from "@plimsoll/kube";
import { installationLabel } from "../../roles.ts";
import type { LiveObject } from "../live-object.ts";
import type { KubernetesObject } from "../metadata.ts";
import { labelled } from "./catalogue.ts";
import { ofKind, referenceOf, type InstallClient } from "./permissions.ts";
import { persistently } from "./persistently.ts";

/** An object of the installation that is in the cluster. */
export type FoundObject = LiveObject & { kind: string };

/** The objects that are labelled as those of the installation in a namespace, in the order in which to take them away. */
export async function labelledObjects(client: InstallClient, namespace: string, clock: Clock): Promise<FoundObject[]> {
  const found: FoundObject[] = [];
  for (const [kind, resource] of Object.entries(labelled)) {
    const anywhere = /^(cluster)?role(binding)?s\./.test(resource);
    const select = { labelSelector: `${installationLabel}=${namespace}`, ...(!anywhere && { namespace }) };
    try {
      const objects = await persistently(clock, () => Array.fromAsync(ofKind(client, kind).list(select)));
      found.push(...objects.map((object) => ({ ...object, kind })));
    } catch (error) {
      // A kind that the cluster doesn't have, has no objects.
      if (!isNotServed(error)) throw error;
    }
  }
  return found;
}

/** An object as it is in the cluster; undefined where it isn't there, or its kind. */
export async function liveObject(
  client: InstallClient,
  object: Pick<KubernetesObject, "kind" | "metadata">,
  clock: Clock,
): Promise<LiveObject | undefined> {
  try {
    return await persistently(clock, () => ofKind(client, object.kind).get(referenceOf(object)));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Tells the objects of an installation apart. */
export function keyOf({ kind, metadata: { name, namespace = "" } }: Pick<KubernetesObject, "kind" | "metadata"> | FoundObject): string {
  return `${kind} ${namespace}/${name}`;
}
