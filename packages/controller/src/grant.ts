import type { DeclaredRule, Scope } from "@plimsoll/kube";
import { checkNamespace } from "./names.ts";
import { hasAny, rulesOf } from "@plimsoll/features/configured-rules";
import { chosenNamespaces } from "@plimsoll/features/feature";
import type { Part } from "@plimsoll/features/part";
import { coreParts, defaultLease } from "./core/parts.ts";
import { featuresNamed } from "./features.ts";

/** Which features get roles, where, and how many accounts share them. */
export interface RolesOptions {
  /** Names of features; unless given, those that run by default. */
  features?: readonly string[] | undefined;
  /** What the features' configuration says, by their names: some add rules to it. */
  config?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
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
  const features = featuresNamed(names).map((feature) => {
    const config = options.config?.[feature.name] ?? {};
    const { name, isSilent } = feature;
    const chosen = feature.isHeldToNamespaces ? chosenNamespaces(config) : undefined;
    return { name, rules: rulesOf(feature, config), chosen, isSilent: typeof isSilent === "boolean" ? isSilent : hasAny(config, isSilent) };
  });
  return grantsTo(features, options);
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

/** What is granted to a process's features. */
interface Granted extends Pick<Part, "name" | "rules"> {
  /** The namespaces that it works in, where these aren't the installation's. */
  chosen?: readonly string[] | undefined;
  /** Whether it records no events. */
  isSilent?: boolean;
}

export function grantsTo(features: readonly Granted[], options: Omit<RolesOptions, "features">): Grant[] {
  const { namespaces, namespace: own = defaultNamespace } = options;
  for (const namespace of [own, ...(namespaces ?? [])]) checkNamespace(namespace);
  return processesOf(features, options).flatMap(({ name, account, lease, features }) => {
    // What every process does beside its Lease is to tell of what happened, where any of its features works that does.
    const telling = features.filter(({ isSilent = false }) => !isSilent);
    const everywhere = features.length > 0 && telling.length === 0 ? [] : chosenOf(telling, namespaces);
    const of: Granted[] = [...coreParts(lease).map((part) => ({ ...part, chosen: everywhere })), ...features];
    const rules = of.flatMap(({ name, rules, chosen = namespaces }) => rules.map((rule) => ({ rule: { feature: name, ...rule }, chosen })));
    const granted = (is: (scope: Scope, chosen: readonly string[] | undefined) => boolean): GrantedRule[] =>
      rules.flatMap(({ rule, chosen }) => (is(rule.scope, chosen) ? [rule] : []));
    const places = new Set([own, ...(namespaces ?? []), ...features.flatMap(({ chosen = [] }) => chosen)]);
    const role = clusterName(name, own);
    return [
      {
        account,
        role,
        namespace: undefined,
        rules: granted((scope, chosen) => scope === "cluster" || (scope === "chosen" && chosen === undefined)),
      },
      ...[...places].map((namespace) => ({
        account,
        role,
        namespace,
        rules: granted(
          (scope, chosen) => (scope === "own" && namespace === own) || (scope === "chosen" && (chosen?.includes(namespace) ?? false)),
        ),
      })),
    ].filter(({ rules }) => rules.length > 0);
  });
}

/** The namespaces of features together; undefined: all, as one of them works in all. */
function chosenOf(features: readonly Granted[], namespaces: readonly string[] | undefined): readonly string[] | undefined {
  const all = features.map(({ chosen = namespaces }) => chosen);
  if (all.length === 0) return namespaces;
  return all.includes(undefined) ? undefined : [...new Set(all.flatMap((some) => some ?? []))];
}
