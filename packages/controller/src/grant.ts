import type { DeclaredRule } from "@plimsoll/kube";
import { checkNamespace } from "./names.ts";
import type { Part } from "@plimsoll/features/part";
import { coreParts, defaultLease } from "./core/parts.ts";
import { featuresNamed } from "./features.ts";

/** Which features get roles, where, and how many accounts share them. */
export interface RolesOptions {
  /** Names of features; unless given, those that run by default. */
  features?: readonly string[] | undefined;
  /** The namespaces in which users' work is done; the whole cluster unless given. */
  namespaces?: readonly string[] | undefined;
  /** One ServiceAccount for all features, or one for each. */
  isolation?: "shared" | "feature" | undefined;
  /** The Lease that the processes stand for, by default `plimsoll`. Isolated features have one each, by their account's name. */
  lease?: string | undefined;
  /** Where the controller lives. */
  namespace?: string | undefined;
  /** The ServiceAccount's name, by default `plimsoll`. Isolated features have one each: this, a dash and the feature's name. */
  serviceAccount?: string | undefined;
}

/** A declared rule, with the feature that declares it. */
export interface GrantedRule extends DeclaredRule {
  feature: string;
}

/** What one ServiceAccount may do in one namespace or, without one, in the cluster. */
export interface Grant {
  account: string;
  /** The role's name: the process's, and for an installation elsewhere than in the default namespace also that, so that two may share a cluster: neither can hold the colon. */
  role: string;
  namespace: string | undefined;
  rules: GrantedRule[];
}

/** Where the controller lives unless another namespace is asked for. */
export const defaultNamespace = "plimsoll-system";

/** What every object of an installation is called, or begins with. */
const base = "plimsoll";

/** What the features' declarations come to, a grant a role. Throws an Error for a feature that there is none of, and for what is no namespace's name. */
export function grantsOf({ features: names, ...options }: RolesOptions = {}): Grant[] {
  return grantsTo(featuresNamed(names), options);
}

/** A process of an installation: the features that run in it, the account that it runs as, and the Lease that it stands for. */
export interface Process<F> {
  /** `plimsoll`, or `plimsoll-FEATURE`. */
  name: string;
  account: string;
  lease: string;
  features: readonly F[];
}

/** The processes that run features: one for all, or one for each. */
export function processesOf<F extends { name: string }>(
  features: readonly F[],
  { isolation = "shared", lease = defaultLease, serviceAccount = base }: Pick<RolesOptions, "isolation" | "lease" | "serviceAccount">,
): Process<F>[] {
  if (isolation === "shared") return [{ name: base, account: serviceAccount, lease, features }];
  return features.map((feature) => {
    const name = `${base}-${feature.name}`;
    return { name, account: `${serviceAccount}-${feature.name}`, lease: name, features: [feature] };
  });
}

/** The name of a role, or of another object without a namespace, of the installation in a namespace. */
export function clusterName(name: string, own: string): string {
  return own === defaultNamespace ? name : `${name}:${own}`;
}

export function grantsTo(features: readonly Pick<Part, "name" | "rules">[], options: Omit<RolesOptions, "features">): Grant[] {
  const { namespaces, namespace: own = defaultNamespace } = options;
  for (const namespace of [own, ...(namespaces ?? [])]) checkNamespace(namespace);
  return processesOf(features, options).flatMap(({ name, account, lease, features }) => {
    const of = [...coreParts(lease), ...features];
    const rules = of.flatMap(({ name, rules }) => rules.map((rule) => ({ feature: name, ...rule })));
    const inCluster = ({ scope }: GrantedRule): boolean => scope === "cluster" || (scope === "chosen" && namespaces === undefined);
    const inNamespace =
      (namespace: string) =>
      ({ scope }: GrantedRule): boolean =>
        (scope === "own" && namespace === own) || (scope === "chosen" && (namespaces?.includes(namespace) ?? false));
    const role = clusterName(name, own);
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
