import { nameSelected, type PolicyRule, type ResourceRequest } from "@plimsoll/permissions";
import type { Definition } from "./resource.ts";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** The RBAC verb that each method of a client uses. */
export const verbs = {
  get: "get",
  read: "get",
  list: "list",
  pages: "list",
  watch: "watch",
  create: "create",
  update: "update",
  patch: "patch",
  delete: "delete",
} as const satisfies Record<string, Verb>;

export type Method = keyof typeof verbs;

/** A method's first argument: an object's name, a selection of objects, or an object. */
interface Argument {
  name?: string;
  namespace?: string;
  fieldSelector?: string;
  metadata?: { name?: string; namespace?: string };
}

/** What the API server's authorizer will be asked when a method is called with this first argument. */
export function requestOfCall(resource: Definition, method: Method, argument: Argument = {}): ResourceRequest {
  const { group, plural, subresource } = resource;
  const { name, namespace } = argument.metadata ?? argument;
  const verb = verbs[method];
  // The name of what is created stands in its body, which the authorizer doesn't see.
  const known = verb === "create" && subresource === undefined ? "" : (name ?? nameSelected(argument.fieldSelector ?? ""));
  return { verb, group, resource: plural, ...(subresource && { subresource }), ...(known && { name: known }), ...(namespace && { namespace }) };
}

/** The rule that a role needs for verbs on a resource. */
export function ruleFor<V extends Verb>({ group, plural, subresource }: Definition, verbs: readonly V[], names: readonly string[] | undefined): PolicyRule & { verbs: V[]; apiGroups: string[]; resources: string[] } {
  return {
    apiGroups: [group],
    resources: [subresource === undefined ? plural : `${plural}/${subresource}`],
    ...(names === undefined ? {} : { resourceNames: [...names] }),
    verbs: [...verbs],
  };
}
