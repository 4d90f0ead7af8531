export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

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

/** Every verb that a client has a method for. */
export const verbs: readonly string[] = ["get", "list", "watch", "create", "update", "patch", "delete"] satisfies Verb[];
