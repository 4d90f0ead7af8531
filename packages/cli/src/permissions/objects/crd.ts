import * as z from "zod";
import type { Served } from "./served.ts";

/** A resource whose objects have a pod in them. */
export interface PodKind {
  group: string;
  resource: string;
  namespaced: boolean;
}

// Few files hold one.
const definition = z.lazy(() =>
  z.looseObject({
    spec: z.looseObject({
      group: z.string(),
      scope: z.string().optional(),
      names: z.looseObject({
        plural: z.string(),
        kind: z.string(),
        singular: z.string().optional(),
        shortNames: z.array(z.string()).nullish(),
      }),
      versions: z.array(z.looseObject({ subresources: z.record(z.string(), z.unknown()).nullish() })).nullish(),
      subresources: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
);

/** The resource that a CustomResourceDefinition defines, of any version, and whether its objects have a pod in them; undefined where it isn't whole. */
export function definedBy(value: unknown): { resource: Served; hasPod: boolean } | undefined {
  const { spec } = definition.safeParse(value).data ?? {};
  if (spec === undefined) return undefined;
  const { group, names, scope, versions } = spec;
  const subresources = [spec.subresources, ...(versions ?? []).map((version) => version.subresources)].flatMap((one) =>
    Object.keys(one ?? {}),
  );
  return {
    resource: {
      group,
      plural: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      kind: names.kind,
      shortNames: names.shortNames ?? [],
      namespaced: scope !== "Cluster",
      subresources: [...new Set(subresources)],
    },
    hasPod: holdsPod(spec),
  };
}

/** Whether a schema has containers with an image somewhere in it, as a PodSpec has. */
export function holdsPod(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  const { properties } = schema as { properties?: { containers?: { items?: { properties?: { image?: unknown } } } } };
  if (properties?.containers?.items?.properties?.image !== undefined) return true;
  return Object.values(schema).some(holdsPod);
}
