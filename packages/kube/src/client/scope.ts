export const scopes = ["cluster", "chosen", "own"] as const;

/**
 * Where a permission holds: in the `cluster`, in the namespaces that the user has `chosen` (all, unless told otherwise), or in the
 * controller's `own`. The first becomes a ClusterRole, the last a Role, and the one between either of them.
 */
export type Scope = (typeof scopes)[number];

/** What the scopes stand for in one installation. */
export interface Namespaces {
  /** The controller's own namespace. */
  own?: string | undefined;
  /** The chosen namespaces; undefined: all. */
  chosen?: readonly string[] | undefined;
}

/** Whether a scope takes in a namespace; without one, all of them, or what has none. */
export function takesIn(scope: Scope, { own, chosen }: Namespaces, namespace: string | undefined): boolean {
  switch (scope) {
    case "cluster":
      return true;
    case "chosen":
      return chosen === undefined || (namespace !== undefined && chosen.includes(namespace));
    case "own":
      return namespace !== undefined && namespace === own;
  }
}

/** A scope in words. */
export function placeOf(scope: Scope, { own, chosen }: Namespaces): string {
  if (scope === "own") return `in the controller's own namespace${own === undefined ? " (client() was not told which)" : ` "${own}"`}`;
  return scope === "cluster" || chosen === undefined ? "in the cluster" : `in the namespaces ${chosen.join(", ")}`;
}
