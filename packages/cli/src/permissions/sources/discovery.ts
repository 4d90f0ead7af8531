import type { Transport } from "@plimsoll/kube";
import * as z from "zod";
import type { Served } from "../objects/served.ts";

const groupList = z.object({ groups: z.array(z.object({ name: z.string(), preferredVersion: z.object({ version: z.string() }) })) });
const resourceList = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      singularName: z.string().default(""),
      kind: z.string(),
      namespaced: z.boolean(),
      shortNames: z.array(z.string()).default([]),
    }),
  ),
});

/**
 * Every resource that the API server serves, the core group's first. Whoever is logged in may read these paths
 * (ClusterRole system:discovery). A group whose own server doesn't answer is left out, as kubectl leaves it out.
 */
export async function discover(transport: Transport): Promise<Served[]> {
  const read = (path: string): Promise<unknown> => transport.request<unknown>({ method: "GET", path });
  const { groups } = groupList.parse(await read("/apis"));
  const places = [
    { group: "", path: "/api/v1" },
    ...groups.map(({ name, preferredVersion }) => ({ group: name, path: `/apis/${name}/${preferredVersion.version}` })),
  ];
  const found = await Promise.all(
    places.map(async ({ group, path }) => {
      const list = resourceList.safeParse(await read(path).catch(() => undefined)).data?.resources ?? [];
      const subresources = Map.groupBy(list, ({ name }) => name.split("/")[0]);
      return list
        .filter(({ name }) => !name.includes("/"))
        .map(({ name, singularName, kind, namespaced, shortNames }) => ({
          group,
          plural: name,
          singular: singularName,
          kind,
          namespaced,
          shortNames,
          subresources: (subresources.get(name) ?? []).map((one) => one.name.slice(name.length + 1)).filter(Boolean),
        }));
    }),
  );
  return found.flat();
}
