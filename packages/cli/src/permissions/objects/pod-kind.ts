/** A resource whose objects have a pod in them. */
export interface PodKind {
  group: string;
  resource: string;
  namespaced: boolean;
}

/** Whether a schema has containers with an image somewhere in it, as a PodSpec has. */
export function holdsPod(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  const { properties } = schema as { properties?: { containers?: { items?: { properties?: { image?: unknown } } } } };
  if (properties?.containers?.items?.properties?.image !== undefined) return true;
  return Object.values(schema).some(holdsPod);
}
