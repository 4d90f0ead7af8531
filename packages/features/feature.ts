import type { Declaration, Permission } from "@plimsoll/kube";
import type * as z from "zod";
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
  /** Works until the runtime's signal aborts. What it throws ends the program, but for that signal's reason. */
  start(runtime: Runtime<P, z.output<C>>, config: z.output<C>): Promise<void>;
}

/** What gives a feature its runtime. */
export interface Host {
  runtime<P extends Permission, C>(permissions: Declaration<Catalogue, P>, leader: "required" | "any"): Runtime<P, C>;
}

/** A feature as the program runs it. */
export interface Feature extends Part {
  config: z.ZodObject;
  /** Whether it works in the whole cluster alone. */
  isClusterWide: boolean;
  isOptIn: boolean;
  start(host: Host, config: unknown): Promise<void>;
}

/** Makes of a definition what the program runs. The configuration that it is started with was read by its schema. */
export function defineFeature<P extends Permission, C extends z.ZodObject>(definition: FeatureDefinition<P, C>): Feature {
  const { permissions, proof, config, leader, scope, isOptIn = false, start } = definition;
  return {
    name: permissions.feature,
    rules: permissions.rules,
    proof,
    config,
    isClusterWide: scope === "Cluster",
    isOptIn,
    start: async (host, given) => start(host.runtime<P, z.output<C>>(permissions, leader), given as z.output<C>),
  };
}
