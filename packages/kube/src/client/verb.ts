const all = ["get", "list", "watch", "create", "update", "patch", "delete"] as const;

/** Verbs that are checked behind other requests, as "approve" on the signer behind an approval. No client has a method for them. */
const checked = ["approve"] as const;

/** What a rule can grant on a resource. */
export type Verb = (typeof all | typeof checked)[number];

/** Every verb that a client has a method for. */
export const verbs: readonly string[] = all;

/** Every verb that can be declared. */
export const declarable: readonly string[] = [...all, ...checked];

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
