import { objectName } from "@plimsoll/api";
import { z } from "zod";
import { namespacePattern, namespaceRule } from "../names.ts";

/** A feature as the configuration file knows it. */
export interface ConfigurableFeature {
  name: string;
  /** The feature's own keys, besides `enabled`, which every feature has. `.meta({ live: true })` marks those that need no restart. */
  config: z.ZodObject;
}

export type ConfigSchema = ReturnType<typeof configSchema>;

/** What a configuration file says, with the defaults where it says nothing. */
export type Config = z.output<ConfigSchema>;

/** What the configuration file may say, where there are these features. An empty one is the default. */
export function configSchema(features: readonly ConfigurableFeature[]) {
  const sections = Object.fromEntries(features.map(({ name, config }) => [name, sectionOf(config, name)]));
  return z.strictObject({
    logLevel: z
      .enum(["trace", "debug", "info", "warn", "error"])
      .default("info")
      .meta({ description: "The least that is logged.", live: true }),
    namespaces: namespaces.optional().meta({ description: "The namespaces to work in; without the key, all." }),
    leaderElection: z
      .strictObject({
        lease: objectName.default("plimsoll").meta({ description: "The name of the Lease, in the controller's own namespace." }),
      })
      .prefault({})
      .meta({ description: "How the one controller is chosen that works, where several run." }),
    features: z.strictObject(sections).prefault({}).meta({ description: "A section for each feature." }),
  });
}

const namespaces = z
  .array(z.string().max(63).regex(namespacePattern, `no namespace has such a name: ${namespaceRule}`))
  .min(1)
  .superRefine((names, context) => {
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index)
        context.addIssue({ code: "custom", path: [index], message: `"${name}" stands there twice: name it once` });
  })
  .meta({ uniqueItems: true });

function sectionOf(config: z.ZodObject, name: string) {
  const enabled = z.boolean().default(true).meta({ description: "Whether the feature runs. One that doesn't needs no permission either." });
  return config
    .safeExtend({ enabled })
    .strict()
    .prefault({})
    .meta({ description: `The feature ${name}.` });
}
