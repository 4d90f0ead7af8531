import type { PolicyRule } from "@plimsoll/permissions";
import { aiPipeline } from "@plimsoll/permissions/roles";
import { checkNames } from "./arguments.ts";

/**
 * The ai-pipeline role's optional rule: whole for `true`, held to the CustomResourceDefinitions of these names for a list.
 * Even then `create` has no names, because a request that creates doesn't tell the authorizer one; and `list` and `watch` are
 * granted to requests that select by `metadata.name`. No names, no rule: to RBAC an empty list of names would mean all.
 */
export function customResourceRules(definitions: boolean | readonly string[] = false): PolicyRule[] {
  const whole = aiPipeline.sections.filter(({ optional }) => optional).flatMap(({ rules }) => rules);
  if (typeof definitions === "boolean") return definitions ? whole : [];
  checkNames("customResources", definitions, checkDefinition);
  if (definitions.length === 0) return [];
  return whole.flatMap(({ verbs, ...rule }) => [
    { ...rule, resourceNames: [...definitions], verbs: verbs.filter((verb) => verb !== "create") },
    { ...rule, verbs: ["create"] },
  ]);
}

/** Throws an Error for what cannot be the name of a CustomResourceDefinition. */
function checkDefinition(name: string): void {
  const label = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
  if (!new RegExp(`^${label}(?:\\.${label})+$`).test(name))
    throw new Error(
      `"${name}" is not the name of a CustomResourceDefinition: give PLURAL.GROUP, as in pipelines.plimsoll.dev, or true in place of the list for all of them`,
    );
}
