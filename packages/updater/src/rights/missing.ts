import { covers, type PolicyRule } from "@plimsoll/permissions";
import { groupOf, pluralOf, type ManifestObject } from "../cluster/manifest.ts";
import type { Changes } from "./changes.ts";
import { boundBy, roleOf, rolesOf } from "./roles.ts";

/** What the updater may do, in a namespace (by its name) and everywhere. */
export interface Held {
  everywhere: readonly PolicyRule[];
  in: ReadonlyMap<string, readonly PolicyRule[]>;
}

export interface Way {
  /** Whether Helm creates an object by applying it, so that a right to create it can be held to its name: Helm 4 does, and 3 doesn't. */
  createsByName: boolean;
}

/**
 * What keeps the updater from carrying out changes, and from taking them back: a line for each object. Empty where nothing does.
 * Roles are the API server's own check: who gives a right must hold it, or hold `escalate` on the role (`bind` for a binding).
 */
export function missing(changes: Changes, held: Held, { createsByName }: Way): string[] {
  const { added, dropped, changed, all } = changes;
  const moved = new Set([...added, ...dropped]);
  const touched = new Set([...moved, ...changed]);
  const roles = rolesOf(all);
  return all.flatMap((object) => {
    const { kind, metadata } = object;
    const owned = ownedAt(held, metadata.namespace);
    const may = (verbs: string[], named = true): boolean => covers(owned, [ruleOn(object, verbs, named)]).length === 0;
    const lacks = (what: string): string[] => [`${kind} ${metadata.name}: ${what}`];
    if (!may(["get", "patch"])) return lacks("the updater may not change it");
    if (moved.has(object) && !may(["delete"])) return lacks("the updater may not delete it");
    if (moved.has(object) && !may(["create"], createsByName)) return lacks("the updater may not create it");
    if (!touched.has(object)) return [];
    const role = roleOf(object);
    if (role !== undefined && !may(["escalate"]) && covers(owned, role.rules).length > 0)
      return lacks("it has rights that the updater lacks");
    const bound = boundBy(object);
    if (bound === undefined) return [];
    const target = roles.find(
      (one) => one.kind === bound.kind && one.name === bound.name && (one.kind === "ClusterRole" || one.namespace === metadata.namespace),
    );
    const bind = {
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: [pluralOf(bound.kind)],
      resourceNames: [bound.name],
      verbs: ["bind"],
    };
    const mayBind = covers(owned, [bind]).length === 0 || (target !== undefined && covers(owned, target.rules).length === 0);
    return mayBind ? [] : lacks("it gives rights that the updater lacks");
  });
}

/** With what a new release's own roles for the updater would give it besides. */
export function withRoles(
  { everywhere, in: places }: Held,
  roles: readonly { namespace: string | undefined; rules: PolicyRule[] }[],
): Held {
  const of = (place: string | undefined): PolicyRule[] =>
    roles.filter(({ namespace }) => namespace === place).flatMap(({ rules }) => rules);
  return {
    everywhere: [...everywhere, ...of(undefined)],
    in: new Map([...places].map(([place, rules]) => [place, [...rules, ...of(place)]])),
  };
}

function ownedAt({ everywhere, in: places }: Held, namespace: string | undefined): readonly PolicyRule[] {
  return namespace === undefined ? everywhere : [...everywhere, ...(places.get(namespace) ?? [])];
}

function ruleOn({ apiVersion, kind, metadata }: ManifestObject, verbs: string[], named: boolean): PolicyRule {
  return { apiGroups: [groupOf(apiVersion)], resources: [pluralOf(kind)], verbs, ...(named && { resourceNames: [metadata.name] }) };
}
