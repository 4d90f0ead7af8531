import { isNotFound, isNotServed, type Clock, type Sender } from "@plimsoll/kube";
import * as z from "zod";
import { installationLabel } from "../../roles.ts";
import type { LiveObject } from "../live-object.ts";
import type { KubernetesObject } from "../objects/metadata.ts";
import { catalogue, isAnywhere, labelled } from "./catalogue.ts";
import { installClient, ofKind, referenceOf, type InstallClient } from "./permissions.ts";
import { persistently } from "./persistently.ts";

/** An object of the installation that is in the cluster. */
export type FoundObject = LiveObject & { kind: string };

const resourceList = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** The kinds to look through. Without its operator, Prometheus' aren't served, or only one is, and who may not list them is told just that. */
export async function labelledKinds(sender: Sender): Promise<[string, (typeof labelled)[keyof typeof labelled]][]> {
  const { group, version } = catalogue[labelled.ServiceMonitor];
  const served = await sender.request({ method: "GET", path: `/apis/${group}/${version}` }).then(
    (list) => new Set(resourceList.parse(list).resources.map(({ name }) => name)),
    (error: unknown) => {
      if (isNotFound(error)) return new Set<string>();
      throw error;
    },
  );
  return Object.entries(labelled).filter(([, resource]) => catalogue[resource].group !== group || served.has(catalogue[resource].plural));
}

/** The objects that are labelled as those of the installation in a namespace, in the order in which to take them away. */
export async function labelledObjects(sender: Sender, namespace: string, clock: Clock): Promise<FoundObject[]> {
  const client = installClient(sender, namespace);
  const found: FoundObject[] = [];
  for (const [kind, resource] of await persistently(clock, () => labelledKinds(sender))) {
    const select = { labelSelector: `${installationLabel}=${namespace}`, ...(!isAnywhere(resource) && { namespace }) };
    const objects = await persistently(clock, () => Array.fromAsync(ofKind(client, kind).list(select))).catch((error: unknown) => {
      // An operator may come or go meanwhile.
      if (isNotServed(error)) return [];
      throw error;
    });
    found.push(...objects.map((object) => ({ ...object, kind })));
  }
  return found;
}

/** Whether an object is in an installation's namespace, or in none: what is elsewhere with its label may be anybody's. */
export function isAtHome({ metadata }: LiveObject, namespace: string): boolean {
  return metadata.namespace === undefined || metadata.namespace === namespace;
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
