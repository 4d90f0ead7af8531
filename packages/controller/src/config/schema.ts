import { duration, labelPattern, objectName, parseDuration } from "@plimsoll/api";
import { durationsFault, type Durations } from "@plimsoll/kube";
import * as z from "zod";
import { defaultLease } from "../core/parts.ts";
import { namespaceRule } from "../names.ts";

/** A feature as the configuration file knows it. */
export interface ConfigurableFeature {
  name: string;
  /** The feature's own keys, besides `enabled`, which every feature has. `.meta({ live: true })` marks those that need no restart. */
  config: z.ZodObject;
  /** Whether it runs only where it is enabled. */
  isOptIn?: boolean;
  /** Whether it can't be held to namespaces. */
  isClusterWide?: boolean;
  /** Whether its own key `namespaces` says where it works. */
  isHeldToNamespaces?: boolean;
}

export type ConfigSchema = ReturnType<typeof configSchema>;

/** What a configuration file says, with the defaults where it says nothing. */
export type Config = z.output<ConfigSchema>;

/** What the configuration file may say, where there are these features. An empty one is the default. */
export function configSchema(features: readonly ConfigurableFeature[]) {
  const sections = Object.fromEntries(features.map((feature) => [feature.name, sectionOf(feature)]));
  return z.strictObject({
    logLevel: z
      .enum(["trace", "debug", "info", "warn", "error"])
      .default("info")
      .meta({ description: "The least that is logged.", live: true }),
    namespaces: namespaces
      .min(1)
      .meta({ uniqueItems: true })
      .optional()
      .meta({ description: "The namespaces to work in; without the key, all." }),
    leaderElection,
    features: z.strictObject(sections).prefault({}).meta({ description: "A section for each feature." }),
  });
}

/**
 * What keeps features from being held to namespaces that can't be: for a `superRefine`. Unless the configuration is sound elsewhere, it says nothing.
 */
export function clusterWideCheck(features: readonly ConfigurableFeature[]) {
  const clusterWide = features.filter(({ isClusterWide }) => isClusterWide).map(({ name }) => name);
  return ({ namespaces, features = {} }: Partial<Pick<Config, "namespaces" | "features">>, context: z.RefinementCtx): void => {
    if (namespaces === undefined || namespaces.length === 0) return;
    for (const name of clusterWide)
      if (features[name]?.enabled) context.addIssue({ code: "custom", path: ["features", name, "enabled"], message: clusterWideFault });
  };
}

/** What keeps features that have to be told where they work from working elsewhere, or everywhere unsaid: for a `superRefine`. */
export function ownNamespacesCheck(features: readonly ConfigurableFeature[]) {
  const held = features.filter(({ isHeldToNamespaces }) => isHeldToNamespaces).map(({ name }) => name);
  return ({ namespaces = [], features = {} }: Partial<Pick<Config, "namespaces" | "features">>, context: z.RefinementCtx): void => {
    for (const name of held) {
      const section = features[name] as { enabled: boolean; namespaces?: readonly string[] } | undefined;
      if (section?.enabled !== true) continue;
      const { namespaces: own = [] } = section;
      const path = ["features", name, "namespaces"];
      if (own.length + namespaces.length === 0) context.addIssue({ code: "custom", path, message: namespacesFault });
      for (const [index, one] of own.entries())
        if (one !== "*" && namespaces.length > 0 && !namespaces.includes(one))
          context.addIssue({ code: "custom", path: [...path, index], message: `"${one}" ${outsideFault}` });
    }
  };
}

/** What is said of a feature that isn't told where it works. */
export const namespacesFault = 'is missing: name the namespaces in which it may write, or give ["*"] for all';

/** What is said of a namespace that isn't the installation's. */
export const outsideFault = "isn't one of `namespaces`: add it there";

/** What is said of a feature that can't be held to namespaces. */
export const clusterWideFault =
  "works on the whole cluster, and `namespaces` holds the controller to some: leave `namespaces` out, or give the feature an installation of its own";

/** The times of an election, in milliseconds. */
export function durationsOf({ leaseDuration, renewDeadline, retryPeriod }: Config["leaderElection"]): Durations {
  return {
    leaseDuration: parseDuration(leaseDuration),
    renewDeadline: parseDuration(renewDeadline),
    retryPeriod: parseDuration(retryPeriod),
  };
}

const leaderElection = z
  .strictObject({
    lease: objectName.default(defaultLease).meta({ description: "The name of the Lease, in the controller's own namespace." }),
    leaseDuration: duration
      .default("15s")
      .meta({ description: "How long others wait after the leader's last renewal until one takes the Lease." }),
    renewDeadline: duration.default("10s").meta({
      description:
        "How long the leader works on after the last renewal that was granted; less than leaseDuration, as another may work then.",
    }),
    retryPeriod: duration
      .default("2s")
      .meta({ description: "From one attempt to take or renew the Lease to the next; at most half of renewDeadline." }),
  })
  .superRefine((election, context) => {
    if (context.issues.length > 0) return; // They may be no durations.
    const fault = durationsFault(durationsOf(election));
    if (fault !== undefined) context.addIssue({ code: "custom", path: [fault.name], message: fault.message });
  })
  .prefault({})
  .meta({ description: "How the one process is chosen that works, where several run." });

/** Names of namespaces, each once. */
export const namespaces = z
  .array(z.string().max(63).regex(labelPattern, `no namespace has such a name: ${namespaceRule}`))
  .superRefine((names, context) => {
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index)
        context.addIssue({ code: "custom", path: [index], message: `"${name}" stands there twice: name it once` });
  });

function sectionOf({ name, config, isOptIn = false }: ConfigurableFeature) {
  const enabled = z
    .boolean()
    .default(!isOptIn)
    .meta({ description: "Whether the feature runs. One that doesn't needs no permission either." });
  return config
    .safeExtend({ enabled })
    .strict()
    .prefault({})
    .meta({ description: `The feature ${name}.` });
}
