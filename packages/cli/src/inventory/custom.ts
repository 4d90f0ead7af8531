import { isForbidden, isNotFound, metadataPages, type Named, type Transport } from "@plimsoll/kube";
import type { CustomCount } from "@plimsoll/model";
import { isKubernetesGroup } from "@plimsoll/permissions";
import * as z from "zod";
import type { Column } from "./print.ts";

/** What is to be counted, and whom to tell what. */
interface Counting {
  /** Only what is in this namespace; undefined: all, and what is in none. */
  namespace: string | undefined;
  /** Told how many objects have been read by now. */
  onRead: (objects: number) => void;
  /** Told what can't be read, and what comes of that. */
  note: (text: string) => void;
}

type Served = Named & { namespaced: boolean };

const groupList = z.object({ groups: z.array(z.object({ name: z.string(), preferredVersion: z.object({ version: z.string() }) })) });
const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()).default([]) })),
});

/**
 * How many objects there are of each custom resource that the cluster serves, by namespace. Of objects only the metadata is asked for. `missing`: what
 * may not be listed, as in `rayclusters.ray.io`, which is told and left out.
 */
export async function countCustom(
  transport: Transport,
  { namespace, onRead, note }: Counting,
): Promise<{ counts: CustomCount[]; missing: string[] }> {
  const { signal } = new AbortController();
  const missing: string[] = [];
  let objects = 0;
  const count = async ({ group, version, plural }: Named): Promise<CustomCount[]> => {
    const found = new Map<string, number>();
    try {
      for await (const { items } of metadataPages(transport, { group, version, plural }, { namespace, signal })) {
        for (const { metadata } of items) found.set(metadata?.namespace ?? "", (found.get(metadata?.namespace ?? "") ?? 0) + 1);
        onRead((objects += items.length));
      }
    } catch (error) {
      if (!isForbidden(error) && !isNotFound(error)) throw error;
      if (isForbidden(error)) missing.push(`${plural}.${group}`);
      return [];
    }
    return Array.from(found, ([namespace, count]) => ({ group, resource: plural, namespace, count }));
  };
  const served = await servedBy(transport);
  const counts: CustomCount[] = [];
  for (const one of served.filter(({ namespaced }) => namespaced || namespace === undefined)) counts.push(...(await count(one)));
  if (missing.length > 0) note(`you may not list ${missing.join(", ")}: they aren't counted`);
  return { counts, missing };
}

/** Custom resources that can be listed, of each in the version that the API server prefers. A group that doesn't answer is left out, as kubectl leaves it out. */
async function servedBy(transport: Transport): Promise<Served[]> {
  const read = (path: string): Promise<unknown> => transport.request<unknown>({ method: "GET", path });
  const { groups } = groupList.parse(await read("/apis"));
  // Metrics are no objects.
  const others = groups.filter(({ name }) => !isKubernetesGroup(name) && !/(^|\.)metrics\.k8s\.io$/.test(name));
  const found = await Promise.all(
    others.map(async ({ name: group, preferredVersion: { version } }) => {
      const list = resourceList.safeParse(await read(`/apis/${group}/${version}`).catch(() => undefined)).data?.resources ?? [];
      return list
        .filter(({ name, verbs }) => !name.includes("/") && verbs.includes("list"))
        .map(({ name: plural, namespaced }) => ({ group, version, plural, namespaced }));
    }),
  );
  return found.flat();
}

/** A line for each resource and namespace. */
export const customColumns: Column<CustomCount>[] = [
  { key: "resource", heading: "RESOURCE", value: ({ group, resource }) => `${resource}.${group}` },
  { key: "namespace", heading: "NAMESPACE", value: ({ namespace }) => namespace || undefined },
  { key: "count", heading: "COUNT", value: ({ count }) => count },
];
