import type { Transport } from "@plimsoll/kube";
import { isKubernetesGroup } from "@plimsoll/permissions";
import * as z from "zod";
import { holdsPod, type PodKind } from "./crd.ts";

const index = z.object({ paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })) });
const document = z.object({
  paths: z.record(z.string(), z.unknown()).default({}),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).default({}) }).optional(),
});
const created = z.looseObject({ post: z.looseObject({ "x-kubernetes-group-version-kind": z.looseObject({ kind: z.string() }) }) });
const schemaOf = z.looseObject({ "x-kubernetes-group-version-kind": z.array(z.looseObject({ kind: z.string() })) });

/** The kinds beside Kubernetes' own that the cluster's OpenAPI documents show a pod in. Whoever is logged in may read them (ClusterRole system:discovery). */
export async function readPodKinds(transport: Transport): Promise<PodKind[]> {
  const read = (path: string): Promise<unknown> => transport.request<unknown>({ method: "GET", path });
  const { paths } = index.parse(await read("/openapi/v3"));
  const others = Object.entries(paths).flatMap(([path, { serverRelativeURL }]) => {
    const [, group] = /^apis\/([^/]+)\/[^/]+$/.exec(path) ?? [];
    return group === undefined || isKubernetesGroup(group) ? [] : [{ group, url: serverRelativeURL }];
  });
  const found = await Promise.all(
    // A group whose own server doesn't answer is left out, as in discovery.
    others.map(async ({ group, url }) => podKindsIn(group, await read(url).catch(() => undefined))),
  );
  return [...new Map(found.flat().map((kind) => [`${kind.resource}.${kind.group}`, kind])).values()];
}

/** The resources of one OpenAPI document, of one version of a group, whose schemas hold a pod. */
export function podKindsIn(group: string, value: unknown): PodKind[] {
  const { success, data } = document.safeParse(value);
  if (!success) return [];
  const kinds = new Set(
    Object.values(data.components?.schemas ?? {}).flatMap((schema) => {
      const named = schemaOf.safeParse(schema);
      return named.success && holdsPod(schema) ? named.data["x-kubernetes-group-version-kind"].map(({ kind }) => kind) : [];
    }),
  );
  return Object.entries(data.paths).flatMap(([path, operations]) => {
    const kind = created.safeParse(operations).data?.post["x-kubernetes-group-version-kind"].kind;
    const resource = path.slice(path.lastIndexOf("/") + 1);
    return kind !== undefined && kinds.has(kind) && !resource.startsWith("{")
      ? [{ group, resource, namespaced: path.includes("/namespaces/{namespace}/") }]
      : [];
  });
}
