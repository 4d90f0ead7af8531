import type { DeclaredRule, Settings } from "./declared-rule.ts";
import type { UndeclaredCallError } from "../errors.ts";
import { guarded, judge, type Guard } from "./guard.ts";
import { methodsOf, type Methods } from "./methods.ts";
import type { Resource } from "./resource.ts";
import { scopes, type Namespaces, type Scope } from "./scope.ts";
import type { Sender } from "../transport/api-request.ts";
import { declarable, type Verb, type VerbOf } from "./verb.ts";

type Catalogue = Record<string, Resource<unknown, boolean>>;

/** Verbs on one resource, with the reason that stands above the rule in the generated role. */
export interface Permission<R extends string = string, V extends Verb = Verb> {
  resource: R;
  verbs: readonly V[];
  reason: string;
  scope: Scope;
  names: readonly string[] | undefined;
  unless: Settings | undefined;
}

/**
 * What a permission is held to. Without it: every name, in the cluster or, for what has a namespace, in the chosen ones, whatever the
 * feature's configuration says; `unless`: values of that with any of which it isn't needed, and not granted.
 */
export type Bounds<N extends boolean> = { names?: readonly string[]; unless?: Settings } & (N extends true
  ? { in?: Scope }
  : { in?: "cluster" });

/** The methods `M` whose verb is in `V`. */
type Granted<M, V extends Verb> = Pick<M, { [K in keyof M]: K extends keyof VerbOf ? (VerbOf[K] extends V ? K : never) : never }[keyof M]>;

type VerbsOn<P extends Permission, R> = P extends Permission<infer Q, infer V> ? (R extends Q ? V : never) : never;

/** A client of which only the declared methods exist. */
export type GatedClient<C extends Catalogue, P extends Permission> = <R extends P["resource"] & keyof C>(
  resource: R,
) => C[R] extends Resource<infer T, infer N> ? Granted<Methods<T, N>, VerbsOn<P, R>> : never;

/** All that a feature may do, and the client that can do nothing else. */
export interface Declaration<C extends Catalogue, P extends Permission> {
  feature: string;
  rules: readonly DeclaredRule[];
  /** `namespaces`: what the declared scopes stand for. */
  client(sender: Sender, namespaces?: Namespaces): GatedClient<C, P>;
  /** Throws an UndeclaredCallError, as a call would, where these verbs on a resource were not declared: for what is done in the feature's name. */
  check(verbs: readonly Verb[], resource: keyof C & string, namespaces?: Namespaces): void;
}

/** What happens where the gate is bypassed. */
export interface GateOptions {
  /** Told of each call that was not declared, before the caller. By default it ends the process: no caller and no listener can hide it. */
  onUndeclared?: (error: UndeclaredCallError) => void;
}

/** The gate of one catalogue: the builtin kinds and, spread beside them, a consumer's own. */
export function gate<const C extends Catalogue>(catalogue: C, { onUndeclared = endProcess }: GateOptions = {}) {
  /**
   * Permits verbs on a resource; the reason is printed above the rule in the generated role.
   * Throws a TypeError for bounds that would grant other than what they say.
   */
  function allow<R extends keyof C & string, V extends Verb>(
    verbs: V | readonly V[],
    resource: R,
    reason: string,
    bounds: Bounds<C[R]["namespaced"]> = {},
  ): Permission<R, V> {
    const { namespaced } = entry(catalogue, resource);
    const { names, unless, in: scope = namespaced ? "chosen" : "cluster" } = bounds;
    const asked: readonly V[] = typeof verbs === "string" ? [verbs] : verbs;
    const unknown = asked.find((verb) => !declarable.includes(verb));
    if (asked.length === 0 || unknown !== undefined)
      throw new TypeError(
        `allow on "${resource}": ${unknown === undefined ? "no verb" : `"${unknown}" is no verb of the client's`}: give some of ${declarable.join(", ")}`,
      );
    // To RBAC, no names are all names.
    if (names !== undefined && (names.length === 0 || names.includes("")))
      throw new TypeError(`allow on "${resource}": names are ${JSON.stringify(names)}: give names, or leave them out for all`);
    if (!scopes.includes(scope))
      throw new TypeError(`allow on "${resource}": "${String(scope)}" is no scope: give one of ${scopes.join(", ")}`);
    if (!namespaced && scope !== "cluster")
      throw new TypeError(`allow on "${resource}": it has no namespace, and cannot be held to one: leave \`in\` out`);
    return { verbs: asked, resource, reason, scope, names, unless };
  }

  /** All that a feature may do. */
  function declare<const P extends readonly Permission<keyof C & string>[]>(feature: string, permissions: P): Declaration<C, P[number]> {
    const rules = Object.freeze(permissions.map((permission) => ruleOf(entry(catalogue, permission.resource), permission)));
    return {
      feature,
      rules,
      client: (sender, { own, chosen } = {}) =>
        gated(catalogue, sender, { feature, rules, namespaces: { own, chosen: chosen && [...chosen] }, onUndeclared }),
      check: (verbs, resource, namespaces = {}) => {
        const { group, plural, namespaced } = entry(catalogue, resource);
        const places = (namespaced && namespaces.chosen) || [undefined];
        for (const verb of verbs)
          for (const namespace of places)
            judge(
              { feature, rules, namespaces, onUndeclared },
              { verb, group, resource: plural, ...(namespace === undefined ? {} : { namespace }) },
            );
      },
    };
  }

  return { allow, declare };
}

function ruleOf(
  { group, plural, subresource }: Resource<unknown, boolean>,
  { verbs, names, scope, reason, unless }: Permission,
): DeclaredRule {
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const rule = {
    apiGroups: [group],
    resources: [resource],
    ...(names === undefined ? {} : { resourceNames: [...names] }),
    verbs: [...verbs],
    scope,
    reason,
    ...(unless === undefined ? {} : { unless: { ...unless } }),
  };
  // What the gate lets through and what the role grants must stay the same.
  for (const list of Object.values(rule)) Object.freeze(list);
  return Object.freeze(rule);
}

/** What a program that finds a defect in itself ends with (sysexits.h, EX_SOFTWARE). */
const defect = 70;

/** Of a worker thread, that thread. */
function endProcess(error: UndeclaredCallError): void {
  console.error(error);
  // A listener could change the code, or throw.
  process.removeAllListeners("exit");
  process.exit(defect);
}

function gated<C extends Catalogue, P extends Permission>(catalogue: C, sender: Sender, guard: Guard): GatedClient<C, P>;
function gated(catalogue: Catalogue, sender: Sender, guard: Guard) {
  const clients = new Map<string, object>();
  const held = guarded(sender, guard);
  return (resource: string): object => {
    const client = clients.get(resource) ?? methodsOf(held, entry(catalogue, resource));
    clients.set(resource, client);
    return client;
  };
}

function entry<C extends Catalogue>(catalogue: C, resource: string): Resource<unknown, boolean> {
  // What every object inherits, as "toString", is no resource.
  const found = Object.hasOwn(catalogue, resource) ? catalogue[resource] : undefined;
  if (!found) throw new TypeError(`no resource "${resource}" in the catalogue: it has ${Object.keys(catalogue).join(", ")}`);
  return found;
}
