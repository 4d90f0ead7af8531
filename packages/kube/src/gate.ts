import { UndeclaredCallError } from "./errors.ts";
import { methodsOf, type Methods } from "./methods.ts";
import type { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** The RBAC verb that each method of a client uses. */
const verbs = {
  get: "get",
  read: "get",
  list: "list",
  pages: "list",
  watch: "watch",
  create: "create",
  update: "update",
  patch: "patch",
  delete: "delete",
} as const satisfies Record<string, Verb>;

type Catalogue = Record<string, Resource<unknown, boolean>>;

export interface Permission<R extends string = string, V extends Verb = Verb> {
  resource: R;
  verbs: readonly V[];
  reason: string;
}

/** The methods `M` whose verb is in `V`. */
type Granted<M, V extends Verb> = Pick<M, { [K in keyof M]: K extends keyof typeof verbs ? ((typeof verbs)[K] extends V ? K : never) : never }[keyof M]>;

type VerbsOn<P extends Permission, R> = P extends Permission<infer Q, infer V> ? (R extends Q ? V : never) : never;

/** A client of which only the declared methods exist. */
export type GatedClient<C extends Catalogue, P extends Permission> = <R extends P["resource"] & keyof C>(
  resource: R,
) => C[R] extends Resource<infer T, infer N> ? Granted<Methods<T, N>, VerbsOn<P, R>> : never;

/** One RBAC rule, with the reason why the feature needs it. */
export interface DeclaredRule {
  apiGroups: string[];
  resources: string[];
  verbs: Verb[];
  reason: string;
}

export interface Declaration<C extends Catalogue, P extends Permission> {
  feature: string;
  rules: DeclaredRule[];
  client(transport: Transport): GatedClient<C, P>;
}

/** The gate of one catalogue: the builtin kinds and, spread beside them, a consumer's own. */
export function gate<const C extends Catalogue>(catalogue: C) {
  /** Permits verbs on a resource; the reason is printed above the rule in the generated role. */
  function allow<R extends keyof C & string, V extends Verb>(verbs: V | readonly V[], resource: R, reason: string): Permission<R, V> {
    return { verbs: typeof verbs === "string" ? [verbs] : verbs, resource, reason };
  }

  /** All that a feature may do. */
  function declare<const P extends readonly Permission<keyof C & string>[]>(feature: string, permissions: P): Declaration<C, P[number]> {
    return {
      feature,
      rules: permissions.map(({ resource, verbs, reason }) => {
        const { group, plural, subresource } = entry(catalogue, resource);
        return { apiGroups: [group], resources: [subresource === undefined ? plural : `${plural}/${subresource}`], verbs: [...verbs], reason };
      }),
      client: (transport) => gated(catalogue, feature, permissions, transport),
    };
  }

  return { allow, declare };
}

function gated<C extends Catalogue, P extends Permission>(catalogue: C, feature: string, permissions: readonly P[], transport: Transport): GatedClient<C, P>;
function gated(catalogue: Catalogue, feature: string, permissions: readonly Permission[], transport: Transport) {
  const clients = new Map<string, object>();
  return (resource: string): object => {
    let client = clients.get(resource);
    if (!client) {
      const declared = new Set(permissions.filter((permission) => permission.resource === resource).flatMap(({ verbs }) => verbs));
      client = withhold(methodsOf(transport, entry(catalogue, resource)), (verb) => declared.has(verb), feature, resource);
      clients.set(resource, client);
    }
    return client;
  };
}

/** Puts, in the place of each method that was not declared, one that says so. */
function withhold(methods: Record<keyof typeof verbs, unknown>, declared: (verb: Verb) => boolean, feature: string, resource: string): object {
  const withheld = Object.entries(verbs).filter(([, verb]) => !declared(verb));
  const refuse = (verb: Verb) => () => {
    throw new UndeclaredCallError(feature, verb, resource);
  };
  return { ...methods, ...Object.fromEntries(withheld.map(([method, verb]) => [method, refuse(verb)])) };
}

function entry(catalogue: Catalogue, resource: string): Resource<unknown, boolean> {
  const found = catalogue[resource];
  if (!found) throw new TypeError(`no resource "${resource}" in the catalogue: it has ${Object.keys(catalogue).join(", ")}`);
  return found;
}
