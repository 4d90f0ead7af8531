import { group as own } from "@plimsoll/api";
import { isClusterWide } from "@plimsoll/permissions/kubernetes-resources";
import * as z from "zod";

/** A namespaced kind that an installation's configuration names. Its words become parts of rules and of expressions. */
export const configuredKind = z.strictObject({
  apiVersion: z
    .string()
    .regex(/^([a-z0-9.-]+\/)?[a-z0-9]+$/, "must be an apiVersion, as in batch/v1")
    // The policy of the API server doesn't ask the controller, who would make these.
    .refine((text) => !text.startsWith(`${own}/`), `is of ${own}: who writes its kinds is asked for more than the right to create them`)
    .meta({ description: "As in batch/v1." }),
  kind: z
    .string()
    .regex(/^[A-Za-z0-9]+$/, "must be a kind, as in Job")
    .meta({ description: "As in Job." }),
  resource: z
    .string()
    .regex(/^[a-z0-9]+$/, "must be the plural of the kind, as in jobs")
    .meta({ description: "Its plural, as in jobs." }),
});

/** A namespaced kind that an installation's configuration names. */
export type ConfiguredKind = z.output<typeof configuredKind>;

/** Whether objects of a kind of Kubernetes' own belong to no namespace, so that nothing of them can be made in one. */
export function hasNoNamespace({ apiVersion, kind }: Pick<ConfiguredKind, "apiVersion" | "kind">): boolean {
  return isClusterWide(groupVersionOf(apiVersion).group, kind);
}

/** What a list of configured kinds is held to: for a `refine`. */
export const namespacedCheck: [(one: ConfiguredKind) => boolean, { path: PropertyKey[]; error: string }] = [
  (one) => !hasNoNamespace(one),
  { path: ["kind"], error: "its objects belong to no namespace: only kinds whose objects do can be listed" },
];

/** What a feature may do with a kind that is configured. */
export type Verb = "get" | "list" | "watch" | "create" | "patch" | "delete";

/** What a feature does with each of the kinds that a key of its configuration lists; without any, nothing. */
export interface ConfiguredRules {
  key: string;
  /** The kinds where the configuration lists none. */
  initial?: readonly ConfiguredKind[];
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
