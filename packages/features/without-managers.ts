/** An object without who wrote which field, and without annotations: neither is read, and either may be longer than the rest. */
export function withoutManagers<T extends { metadata: object }>(object: T): T {
  return { ...object, metadata: { ...object.metadata, managedFields: undefined, annotations: undefined } };
}
