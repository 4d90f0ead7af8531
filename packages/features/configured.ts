import { gate, resource, type DeclaredRule, type KubeObject, type Resource } from "@plimsoll/kube";

/** A namespaced kind that an installation's configuration names. */
export interface ConfiguredKind {
  apiVersion: string;
  kind: string;
  /** As in `jobs`. */
  resource: string;
}

type Verb = "get" | "list" | "watch" | "create" | "delete";

/** What a feature does with each of the kinds that a key of its configuration lists; without any, nothing. */
export interface ConfiguredRules {
  key: string;
  rules: readonly { verbs: readonly [Verb, ...Verb[]]; reason: string }[];
}

/** The group and the version of an apiVersion; the group is empty for Kubernetes' core. */
export function groupVersionOf(apiVersion: string): { group: string; version: string } {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
}

/** What a gate calls a configured kind, as in `jobs.batch`. */
export function nameOf({ apiVersion, resource }: ConfiguredKind): string {
  const { group } = groupVersionOf(apiVersion);
  return group === "" ? resource : `${resource}.${group}`;
}

/** What a feature declares for configured kinds. */
export function declareFor(feature: string, { rules }: ConfiguredRules, kinds: readonly ConfiguredKind[]) {
  const catalogue: Record<string, Resource<KubeObject, true>> = Object.fromEntries(
    kinds.map((one) => [
      nameOf(one),
      resource<KubeObject>({ ...groupVersionOf(one.apiVersion), plural: one.resource, kind: one.kind, namespaced: true }),
    ]),
  );
  const { allow, declare } = gate(catalogue);
  return declare(
    feature,
    kinds.flatMap((one) => rules.map(({ verbs, reason }) => allow<string, Verb>(verbs, nameOf(one), reason))),
  );
}

/** The rules of a feature that its configuration adds. */
export function configuredRules(
  { name, configured }: { name: string; configured?: ConfiguredRules | undefined },
  config: Readonly<Record<string, unknown>> = {},
): readonly DeclaredRule[] {
  const kinds = configured === undefined ? undefined : config[configured.key];
  // They have been read by the feature's schema.
  return configured === undefined || !Array.isArray(kinds) ? [] : declareFor(name, configured, kinds as ConfiguredKind[]).rules;
}
