import { labelPattern } from "@plimsoll/api";
import * as z from "zod";
import { configuredKind, nameOf, namespacedCheck, type ConfiguredKind, type ConfiguredRules } from "../configured.ts";

const core = (kind: string): ConfiguredKind => ({ apiVersion: "v1", kind, resource: `${kind.toLowerCase()}s` });
const apps = (kind: string): ConfiguredKind => ({ apiVersion: "apps/v1", kind, resource: `${kind.toLowerCase()}s` });
const batch = (kind: string): ConfiguredKind => ({ apiVersion: "batch/v1", kind, resource: `${kind.toLowerCase()}s` });

/** The kinds that sets may hold where the configuration says nothing else. */
export const initialKinds: readonly ConfiguredKind[] = [
  core("ConfigMap"),
  core("Service"),
  apps("Deployment"),
  apps("StatefulSet"),
  apps("DaemonSet"),
  core("Pod"),
  batch("Job"),
  batch("CronJob"),
];

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  namespaces: z
    .array(z.union([z.literal("*"), z.string().max(63).regex(labelPattern)], 'must be the name of a namespace, or "*" for all'))
    .max(500)
    .default([])
    .meta({
      description:
        'The namespaces in which objects are applied, in which alone the controller gets the rights for that: some of the installation\'s, or "*" for all of these. Without it, those that `namespaces` lists.',
    }),
  kinds: z
    .array(configuredKind.refine(...namespacedCheck))
    .min(1)
    .max(40)
    .superRefine((kinds, context) => {
      const names = kinds.map(nameOf);
      for (const [index, name] of names.entries())
        if (names.indexOf(name) < index)
          context.addIssue({ code: "custom", path: [index], message: `${name} stands there twice: name it once` });
    })
    .default([...initialKinds])
    .meta({
      description:
        "Namespaced kinds that WorkloadSets may hold. For each, the controller gets the rights to list, watch, get, create, patch and delete its objects, and whoever writes a set with one in it is held to create, patch and delete.",
    }),
});

export type WorkloadsConfig = z.output<typeof config>;

/** What is done with each of these kinds. */
export const configured: ConfiguredRules = {
  key: "kinds",
  initial: initialKinds,
  rules: [
    { verbs: ["list", "watch"], reason: "features.workloads.kinds: to see whether the objects of sets are as they should be" },
    { verbs: ["get"], reason: "features.workloads.kinds: to see whether one was applied before a crash, where nothing says so" },
    { verbs: ["create", "patch"], reason: "features.workloads.kinds: to apply them; what isn't there yet is made" },
    { verbs: ["delete"], reason: "features.workloads.kinds: to delete what a set no longer lists, and what is to be replaced" },
  ],
};
