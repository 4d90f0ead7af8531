import type { Declaration, Permission, Settings } from "@plimsoll/kube";
import type * as z from "zod";
import { declareFor } from "./configured-rules.ts";
import type { ConfiguredKind, ConfiguredRules } from "./configured.ts";
import type { Catalogue } from "./kinds.ts";
import type { Part, Proof } from "./part.ts";
import type { Runtime } from "./runtime.ts";

/** What a feature is, as its folder says it. */
interface FeatureDefinition<P extends Permission, C extends z.ZodObject> {
  permissions: Declaration<Catalogue, P>;
  proof: readonly Proof[];
  /** The feature's own part of the configuration file. */
  config: C;
  /** Whether only one process at a time may work. */
  leader: "required" | "any";
  /** "Cluster": it works on what belongs to no namespace, and can't be held to some. By default it works where the configuration says. */
  scope?: "Cluster";
  /** Whether it runs only where the configuration enables it. */
  isOptIn?: boolean;
  /** Whether it records no events, or with which values of its configuration: a process of such features alone may write none. */
  isSilent?: boolean | Settings;
  /** What it does with each of the kinds that its configuration lists. */
  configured?: ConfiguredRules;
  /** Whether it has to be told where it works, by a key `namespaces` of its own: some of the installation's, or `*` for all of these. */
  isHeldToNamespaces?: boolean;
  /**
   * Works until the runtime's signal aborts. What it throws ends the program, but for that signal's reason. `further` is for the configured
   * kinds, where there are any.
   */
  start(runtime: Runtime<P, z.output<C>>, config: z.output<C>, further?: Further): Promise<void>;
}

/** What a feature is given for the kinds that its configuration lists: a client of those, and views. */
export interface Further {
  kinds: readonly ConfiguredKind[];
  runtime: Pick<Runtime, "client" | "view">;
}

/** What gives a feature its runtime. */
export interface Host {
  /** `chosen`: the namespaces that the feature works in, where these aren't the installation's. */
  runtime<P extends Permission, C>(
    permissions: Declaration<Catalogue, P>,
    leader: "required" | "any",
    chosen?: readonly string[],
  ): Runtime<P, C>;
}

/** A feature as the program runs it. */
export interface Feature extends Part {
  config: z.ZodObject;
  /** Whether it works in the whole cluster alone. */
  isClusterWide: boolean;
  isOptIn: boolean;
  isSilent: boolean | Settings;
  isHeldToNamespaces: boolean;
  configured?: ConfiguredRules;
  start(host: Host, config: unknown): Promise<void>;
}

/** Makes of a definition what the program runs. The configuration that it is started with was read by its schema. */
export function defineFeature<P extends Permission, C extends z.ZodObject>(definition: FeatureDefinition<P, C>): Feature {
  const {
    permissions,
    proof,
    config,
    leader,
    scope,
    isOptIn = false,
    isSilent = false,
    isHeldToNamespaces = false,
    configured,
    start,
  } = definition;
  const name = permissions.feature;
  const furtherFor = (host: Host, given: unknown): Further | undefined => {
    const kinds = configured && (Reflect.get(given as object, configured.key) as readonly ConfiguredKind[]);
    if (configured === undefined || kinds === undefined || kinds.length === 0) return undefined;
    return { kinds, runtime: host.runtime(declareFor(name, configured, kinds) as never, leader, chosenIn(given)) };
  };
  const chosenIn = (given: unknown): readonly string[] | undefined =>
    isHeldToNamespaces ? chosenNamespaces(given as { namespaces?: readonly string[] }) : undefined;
  return {
    name,
    rules: permissions.rules,
    proof,
    config,
    isClusterWide: scope === "Cluster",
    isOptIn,
    isSilent,
    isHeldToNamespaces,
    ...(configured && { configured }),
    start: async (host, given) =>
      start(host.runtime<P, z.output<C>>(permissions, leader, chosenIn(given)), given as z.output<C>, furtherFor(host, given)),
  };
}

/** The namespaces that a feature's own configuration chooses; undefined: those of the installation. */
export function chosenNamespaces({ namespaces = [] }: { namespaces?: readonly string[] }): readonly string[] | undefined {
  return namespaces.length === 0 || namespaces.includes("*") ? undefined : namespaces;
}
