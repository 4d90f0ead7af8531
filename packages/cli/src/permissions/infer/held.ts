import type { ClusterOptions } from "../../connect/cluster-options.ts";
import { UsageError } from "../../failure.ts";
import { identityOfUser, subjectsFor } from "../subjects/access.ts";
import { roleOf } from "../risks/judged.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";
import { loadAll, loadRoles } from "../sources/rules.ts";

/**
 * The roles of a source, and those that every cluster has, that the source's bindings give a user, each where it is bound; where nothing is
 * bound there, all of them. Throws a UsageError where others are bound and the user isn't.
 */
export async function loadHeld(source: string, user: string | undefined, options: ClusterOptions): Promise<SourcedRole[]> {
  // Standard input is read once.
  if (user === undefined) return loadRoles(source, options);
  const { roles, bindings, problems } = await loadAll([source], options);
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  if (bindings.length === 0) {
    if (roles.length === 0) throw new UsageError(`${source}: holds no roles`);
    return roles;
  }
  const identity = identityOfUser(user);
  const held = bindings.flatMap((binding) => {
    const { kind, namespace, subjects } = binding;
    const found = subjectsFor(subjects, identity).length === 0 ? undefined : roleOf(binding, roles);
    if (found === undefined) return [];
    // Within a namespace, a ClusterRole is as good as a Role there.
    const here = kind === "RoleBinding" ? { ...found, kind: "Role" as const, ...(namespace === undefined ? {} : { namespace }) } : found;
    return [{ key: JSON.stringify([found.kind, kind, here.namespace, found.name]), here }];
  });
  if (held.length === 0) {
    const known = [...roles.map((role) => titleOf(role)), ...bindings.map((binding) => titleOf(binding))].join(", ");
    throw new UsageError(
      `${source}: binds none of its roles to ${user}, nor one that every cluster has: it holds ${known}; leave the bindings out to compare with all`,
    );
  }
  // Bound twice, it is held once.
  return [...new Map(held.map(({ key, here }) => [key, here])).values()];
}
