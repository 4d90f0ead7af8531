import { isForbidden, isNotFound, isUnavailable, type Sender } from "@plimsoll/kube";
import * as z from "zod";
import { installationLabel } from "../../roles.ts";
import { isMade } from "../made.ts";
import { labelled } from "./catalogue.ts";

const groupList = z.object({ groups: z.array(z.object({ name: z.string(), preferredVersion: z.object({ groupVersion: z.string() }) })) });
const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()) })),
});
const managedFields = z.array(
  z.object({ manager: z.string().optional(), operation: z.string().optional(), fieldsV1: z.unknown().optional() }),
);
const metadata = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  managedFields: managedFields.optional(),
});
const objectSchema = z.object({ metadata });
const objectList = z.object({ items: z.array(objectSchema).nullable() });

/** What every namespace has, or what goes by itself. */
const own = new Set(["ConfigMap kube-root-ca.crt", "ServiceAccount default"]);

/**
 * What is in a namespace beside the installation and its Leases, as in `Secret registry`; of a kind that can't be listed, the kind, and of a
 * group whose server doesn't answer, its path. All
 * kinds that the API server serves are looked through, as deleting a namespace deletes them all.
 */
export async function remainsIn(sender: Sender, namespace: string, leases: ReadonlySet<string>): Promise<string[]> {
  const read = (path: string): Promise<unknown> => sender.request<unknown>({ method: "GET", path });
  const { groups } = groupList.parse(await read("/apis"));
  const places = ["/api/v1", ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const found = await Promise.all(places.map(objectsOf));
  return found.flat().filter((title) => !own.has(title) && !(title.startsWith("Lease ") && leases.has(title.slice("Lease ".length))));

  /** Of other kinds, as Pods and Endpoints, is what Kubernetes makes of an installation's objects, with their labels. */
  function isOurs(object: z.output<typeof objectSchema>, kind: string): boolean {
    return object.metadata.labels?.[installationLabel] === namespace && (!Object.hasOwn(labelled, kind) || isMade(object));
  }

  async function objectsOf(place: string): Promise<string[]> {
    try {
      const { resources } = resourceList.parse(await read(place));
      const kept = resources.filter(
        ({ name, kind, namespaced, verbs }) =>
          namespaced && !name.includes("/") && kind !== "Event" && ["list", "delete"].every((verb) => verbs.includes(verb)),
      );
      return (await Promise.all(kept.map(({ name, kind }) => objectsAt(`${place}/namespaces/${namespace}/${name}`, kind)))).flat();
    } catch (error) {
      // The last kind of a group has gone since the groups were read: that of Plimsoll's own is told for some seconds.
      if (isNotFound(error)) return [];
      if (isUnavailable(error)) return [`what ${place} serves (its server doesn't answer)`];
      throw error;
    }
  }

  async function objectsAt(path: string, kind: string): Promise<string[]> {
    try {
      const { items } = objectList.parse(await read(path));
      return (items ?? []).filter((object) => !isOurs(object, kind)).map(({ metadata }) => `${kind} ${metadata.name}`);
    } catch (error) {
      if (isNotFound(error)) return [];
      if (isForbidden(error)) return [`${kind} (which you may not list)`];
      throw error;
    }
  }
}
