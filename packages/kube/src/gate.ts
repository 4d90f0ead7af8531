import { grants, type ResourceRequest } from "@plimsoll/permissions";
import { requestOfCall, ruleFor, verbs, type Method, type Verb } from "./call.ts";
import { UndeclaredCallError } from "./errors.ts";
import { methodsOf, type Methods } from "./methods.ts";
import type { Resource } from "./resource.ts";
import { takesIn, type Reach, type Scope } from "./scope.ts";
import type { Transport } from "./transport.ts";

type Catalogue = Record<string, Resource<unknown, boolean>>;

export interface Permission<R extends string = string, V extends Verb = Verb> {
  resource: R;
  verbs: readonly V[];
  reason: string;
  scope: Scope;
  names: readonly string[] | undefined;
}

/** What a permission is held to. Without it: every name, in the cluster or, for what has a namespace, in the chosen ones. */
export type Bounds<N extends boolean> = { names?: readonly string[] } & (N extends true ? { in?: Scope } : { in?: "cluster" });

/** The methods `M` whose verb is in `V`. */
type Granted<M, V extends Verb> = Pick<M, { [K in keyof M]: K extends Method ? ((typeof verbs)[K] extends V ? K : never) : never }[keyof M]>;

type VerbsOn<P extends Permission, R> = P extends Permission<infer Q, infer V> ? (R extends Q ? V : never) : never;

/** A client of which only the declared methods exist. */
export type GatedClient<C extends Catalogue, P extends Permission> = <R extends P["resource"] & keyof C>(
  resource: R,
) => C[R] extends Resource<infer T, infer N> ? Granted<Methods<T, N>, VerbsOn<P, R>> : never;

/** One RBAC rule, with where it is to hold and the reason why the feature needs it. */
export interface DeclaredRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: Verb[];
  scope: Scope;
  reason: string;
}

export interface Declaration<C extends Catalogue, P extends Permission> {
  feature: string;
  rules: DeclaredRule[];
  /** `reach`: what the declared scopes stand for. */
  client(transport: Transport, reach?: Reach): GatedClient<C, P>;
}

export interface GateOptions {
  /** Told of each call that was not declared, besides the caller. By default the process ends: whoever catches the error must not hide it. */
  onUndeclared?: (error: UndeclaredCallError) => void;
}

/** The gate of one catalogue: the builtin kinds and, spread beside them, a consumer's own. */
export function gate<const C extends Catalogue>(catalogue: C, { onUndeclared = endProcess }: GateOptions = {}) {
  /** Permits verbs on a resource; the reason is printed above the rule in the generated role. */
  function allow<R extends keyof C & string, V extends Verb>(verbs: V | readonly V[], resource: R, reason: string, bounds: Bounds<C[R]["namespaced"]> = {}): Permission<R, V> {
    const scope = bounds.in ?? (entry(catalogue, resource).namespaced ? "chosen" : "cluster");
    return { verbs: typeof verbs === "string" ? [verbs] : verbs, resource, reason, scope, names: bounds.names };
  }

  /** All that a feature may do. */
  function declare<const P extends readonly Permission<keyof C & string>[]>(feature: string, permissions: P): Declaration<C, P[number]> {
    return {
      feature,
      rules: permissions.map(({ resource, verbs, names, scope, reason }) => ({ ...ruleFor(entry(catalogue, resource), verbs, names), scope, reason })),
      client: (transport, reach = {}) => gated(catalogue, { feature, permissions, reach, onUndeclared }, transport),
    };
  }

  return { allow, declare };
}

/** Thrown where no caller can catch it. */
function endProcess(error: UndeclaredCallError): void {
  setImmediate(() => {
    throw error;
  });
}

interface Guard {
  feature: string;
  permissions: readonly Permission[];
  reach: Reach;
  onUndeclared: (error: UndeclaredCallError) => void;
}

function gated<C extends Catalogue, P extends Permission>(catalogue: C, guard: Guard, transport: Transport): GatedClient<C, P>;
function gated(catalogue: Catalogue, guard: Guard, transport: Transport) {
  const clients = new Map<string, object>();
  return (resource: string): object => {
    let client = clients.get(resource);
    if (!client) {
      client = guarded(methodsOf(transport, entry(catalogue, resource)), entry(catalogue, resource), resource, guard);
      clients.set(resource, client);
    }
    return client;
  };
}

/** Lets each method ask first whether the request that it will make was declared. */
function guarded(methods: ReturnType<typeof methodsOf>, definition: Resource<unknown, boolean>, resource: string, guard: Guard): object {
  const permissions = guard.permissions.filter((permission) => permission.resource === resource);
  const rules = permissions.map(({ verbs, names, scope }) => ({ rule: ruleFor(definition, verbs, names), scope }));
  const declared = (request: ResourceRequest): boolean => rules.some(({ rule, scope }) => takesIn(scope, guard.reach, request.namespace) && grants([rule], request) !== undefined);

  const asking = <A extends unknown[], T>(name: Method, method: (...args: A) => T) => (...args: A): T => {
    const request = requestOfCall(definition, name, args[0] ?? {});
    if (!declared(request)) {
      const error = new UndeclaredCallError(guard.feature, request, resource, rules.some(({ rule }) => rule.verbs.includes(verbs[name])));
      guard.onUndeclared(error);
      throw error;
    }
    return method(...args);
  };
  return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, asking(name as Method, method as (...args: unknown[]) => unknown)]));
}

function entry<C extends Catalogue>(catalogue: C, resource: string): Resource<unknown, boolean> {
  const found = catalogue[resource];
  if (!found) throw new TypeError(`no resource "${resource}" in the catalogue: it has ${Object.keys(catalogue).join(", ")}`);
  return found;
}
