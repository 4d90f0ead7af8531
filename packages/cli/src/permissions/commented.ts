import { grantsOf, type Grant } from "@plimsoll/controller";
import { roles, type RbacObject, type RolesOptions } from "@plimsoll/controller/roles";
import { UsageError } from "../failure.ts";

/** An object with, where it is a role, the comment above each of its rules. */
export interface CommentedObject {
  object: RbacObject;
  comments: readonly string[];
}

/** The objects that grant the features what they declare. Throws a UsageError for an unknown feature. */
export function commented(options: RolesOptions): CommentedObject[] {
  const grants = grantsFor(options);
  const commentsOf = ({ kind, metadata }: RbacObject): readonly string[] => {
    if (kind !== "ClusterRole" && kind !== "Role") return [];
    const isIts = ({ role, namespace }: Grant): boolean => role === metadata.name && namespace === metadata.namespace;
    return grants.find(isIts)?.rules.map(({ feature, reason }) => `${feature}: ${reason}`) ?? [];
  };
  return roles(options).map((object) => ({ object, comments: commentsOf(object) }));
}

function grantsFor(options: RolesOptions): Grant[] {
  try {
    return grantsOf(options);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
