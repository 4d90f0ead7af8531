const all = ["get", "list", "watch", "create", "update", "patch", "delete"] as const;

/** What a rule can grant on a resource, of the verbs that a client has a method for. */
export type Verb = (typeof all)[number];

/** Every verb that a client has a method for. */
export const verbs: readonly string[] = all;

/** The RBAC verb that each method of a client uses. */
export interface VerbOf {
  get: "get";
  read: "get";
  list: "list";
  pages: "list";
  watch: "watch";
  create: "create";
  update: "update";
  patch: "patch";
  delete: "delete";
}
