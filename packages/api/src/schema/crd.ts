import { group, type Column, type Kind } from "./kind.ts";
import { kinds } from "../kinds/index.ts";
import { rootSchema } from "./root-schema.ts";
import type { Schema } from "./structural.ts";

const age: Column = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

/** A CustomResourceDefinition of apiextensions.k8s.io/v1, as far as Plimsoll fills it in. */
export interface CustomResourceDefinition {
  apiVersion: "apiextensions.k8s.io/v1";
  kind: "CustomResourceDefinition";
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    group: string;
    scope: Kind["scope"];
    names: { kind: string; [name: string]: unknown };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** The CustomResourceDefinitions of kinds; without an argument, of every kind. */
export function crds(of: readonly Kind[] = kinds): CustomResourceDefinition[] {
  return of.map(({ kind, plural, shortNames, categories, scope, versions }) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames, categories },
      versions: versions.map((version) => ({
        name: version.name,
        served: version.served,
        storage: version.storage,
        ...(version.subresources ? { subresources: Object.fromEntries(version.subresources.map((name) => [name, {}])) } : {}),
        additionalPrinterColumns: [...version.columns, age],
        schema: { openAPIV3Schema: rootSchema(version) },
      })),
    },
  }));
}
