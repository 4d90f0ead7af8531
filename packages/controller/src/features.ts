import { permissions, PipelinesController, proof } from "@plimsoll/features/pipelines";
import type { Clock, DeclaredRule, FairLimiter, Namespaces, Transport } from "@plimsoll/kube";

/** What there is for features to work with; a feature itself is given a client of what it declares, and no more. */
export interface FeatureContext {
  transport: Transport;
  /** The controller's own namespace. */
  own: string;
  clock: Clock;
  /** Undefined: all namespaces. */
  namespace: string | undefined;
  /** Spaces the creation of pods out. */
  limiter: FairLimiter;
  onError: (what: string, error: unknown) => void;
}

/** What was seen of an atom of a feature's rules on a real API server; see docs/permissions.md. */
export interface Proof {
  /** As in `watch pods`. */
  atom: string;
  scenario: string;
  /** What the scenario shows, as a sentence. */
  shows: string;
  /** A request that needed the atom. */
  request: string;
  /** What does not happen in the scenario without the atom. */
  fails: string;
}

/** A feature as the program runs it. */
export interface Feature {
  name: string;
  rules: readonly DeclaredRule[];
  proof: readonly Proof[];
  start: (context: FeatureContext) => { synced: () => Promise<unknown>; run: (signal: AbortSignal) => Promise<void> };
}

/** Every feature that there is. */
export const features: readonly Feature[] = [
  {
    name: permissions.feature,
    rules: permissions.rules,
    proof,
    start: ({ transport, ...context }) =>
      new PipelinesController({ client: permissions.client(transport, namespacesOf(context)), ...context }),
  },
];

function namespacesOf({ own, namespace }: Pick<FeatureContext, "own" | "namespace">): Namespaces {
  return { own, chosen: namespace === undefined ? undefined : [namespace] };
}

/** The features of these names; every one without names. Throws an Error for a name that there is no feature of. */
export function featuresNamed(names: readonly string[] | undefined): readonly Feature[] {
  if (names === undefined) return features;
  return names.map((name) => {
    const feature = features.find((feature) => feature.name === name);
    if (feature === undefined)
      throw new Error(`there is no feature "${name}": the features are ${features.map((feature) => feature.name).join(", ")}`);
    return feature;
  });
}
