import { gate, resource, type DeclaredRule, type KubeObject, type Resource, type Settings } from "@plimsoll/kube";
import { groupVersionOf, nameOf, type ConfiguredKind, type ConfiguredRules, type Verb } from "./configured.ts";

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
  const kinds = configured === undefined ? undefined : (config[configured.key] ?? configured.initial);
  // They have been read by the feature's schema.
  return configured === undefined || !Array.isArray(kinds) ? [] : declareFor(name, configured, kinds as ConfiguredKind[]).rules;
}

/** The rules that a feature needs, as it is configured. */
export function rulesOf(
  feature: { name: string; rules: readonly DeclaredRule[]; configured?: ConfiguredRules | undefined },
  config: Readonly<Record<string, unknown>> = {},
): readonly DeclaredRule[] {
  return [...feature.rules.filter(({ unless = {} }) => !hasAny(config, unless)), ...configuredRules(feature, config)];
}

/** Whether a configuration has one of these values. */
export function hasAny(config: Readonly<Record<string, unknown>>, settings: Settings): boolean {
  return Object.entries(settings).some(([key, value]) => config[key] === value);
}
