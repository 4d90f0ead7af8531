import { isNamespaced, kubernetesResources, type Scopes } from "@plimsoll/permissions";

/** A resource that a cluster serves; groups come in the server's order of preference. */
export interface Served {
  group: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
  subresources: readonly string[];
}

/** Kubernetes' own resources as discovery would list them. By their kinds they are known in lower case, which their singulars are. */
export const ownServed: readonly Served[] = kubernetesResources.map(({ shortNames = [], subresources = [], ...one }) => ({
  ...one,
  kind: one.singular,
  shortNames,
  subresources,
}));

/** Whether it is one of the names that kubectl knows a resource by. */
export function isNamed({ plural, singular, kind, shortNames = [] }: Partial<Served>, name: string): boolean {
  return [plural, singular, ...shortNames, kind?.toLowerCase()].includes(name.toLowerCase());
}

/** The scopes of resources, beside those of Kubernetes' own. */
export function scopesOf(served: readonly Served[]): Scopes {
  const known = new Map(served.map(({ group, plural, namespaced }) => [`${group}/${plural}`, namespaced]));
  return (group, resource) => isNamespaced(group, resource) ?? known.get(`${group}/${resource.split("/")[0]}`);
}
