import * as z from "zod";
import { holdsPod } from "./pod-kind.ts";
import type { Served } from "./served.ts";

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
