import type { DeclaredRule } from "@plimsoll/kube";
import { checkNamespace } from "./names.ts";
import type { Part } from "@plimsoll/features/part";
import { coreParts, defaultLease } from "./core/parts.ts";
import { featuresNamed } from "./features.ts";

/** Which features get roles, where, and how many accounts share them. */
export interface RolesOptions {
  /** Names of features; every one unless given. */
  features?: readonly string[] | undefined;
  /** The namespaces in which users' work is done; the whole cluster unless given. */
  namespaces?: readonly string[] | undefined;
  /** One ServiceAccount for all features, or one for each. */
  isolation?: "none" | "feature" | undefined;
  /** The Lease that the processes stand for, by default `plimsoll`. Isolated features have one each, by their account's name. */
  lease?: string | undefined;
  /** Where the controller lives. */
  namespace?: string | undefined;
}

/** A declared rule, with the feature that declares it. */
export interface GrantedRule extends DeclaredRule {
  feature: string;
}

/** What one ServiceAccount may do in one namespace or, without one, in the cluster. */
export interface Grant {
  account: string;
  /** The role's name: the account's, and for an installation elsewhere than in the default namespace also that, so that two may share a cluster: neither can hold the colon. */
  role: string;
  namespace: string | undefined;
  rules: GrantedRule[];
}

/** Where the controller lives unless another namespace is asked for. */
export const defaultNamespace = "plimsoll-system";

/** What the features' declarations come to, a grant a role. Throws an Error for a feature that there is none of, and for what is no namespace's name. */
export function grantsOf({ features: names, ...options }: RolesOptions = {}): Grant[] {
  return grantsTo(featuresNamed(names), options);
}

export function grantsTo(
  features: readonly Pick<Part, "name" | "rules">[],
  { namespaces, isolation = "none", namespace: own = defaultNamespace, lease = defaultLease }: Omit<RolesOptions, "features">,
): Grant[] {
  for (const namespace of [own, ...(namespaces ?? [])]) checkNamespace(namespace);
  const parts =
    isolation === "feature"
      ? features.map(({ name, rules }) => ({ account: `plimsoll-${name}`, lease: `plimsoll-${name}`, chosen: [{ name, rules }] }))
      : [{ account: "plimsoll", lease, chosen: features }];
  return parts.flatMap(({ account, lease, chosen }) => {
    const of = [...coreParts(lease), ...chosen];
    const rules = of.flatMap(({ name, rules }) => rules.map((rule) => ({ feature: name, ...rule })));
    const inCluster = ({ scope }: GrantedRule): boolean => scope === "cluster" || (scope === "chosen" && namespaces === undefined);
    const inNamespace =
      (namespace: string) =>
      ({ scope }: GrantedRule): boolean =>
        (scope === "own" && namespace === own) || (scope === "chosen" && (namespaces?.includes(namespace) ?? false));
    const role = own === defaultNamespace ? account : `${account}:${own}`;
    return [
      { account, role, namespace: undefined, rules: rules.filter(inCluster) },
      ...[...new Set([own, ...(namespaces ?? [])])].map((namespace) => ({
        account,
        role,
        namespace,
        rules: rules.filter(inNamespace(namespace)),
      })),
    ].filter(({ rules }) => rules.length > 0);
  });
}
