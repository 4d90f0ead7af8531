import type { ClusterOptions } from "../cluster-options.ts";
import { UsageError } from "../failure.ts";
import { identityOfUser, subjectsFor } from "./access.ts";
import { titleOf, type SourcedRole } from "./role.ts";
import { loadAll, loadRoles } from "./rules.ts";

/**
 * The roles of a source that bindings beside them give a user, each where it is bound; where nothing is bound there, all of them. Throws a
 * UsageError where others are bound and the user isn't.
 */
export async function loadHeld(source: string, user: string | undefined, options: ClusterOptions): Promise<SourcedRole[]> {
  // Standard input is read once.
  if (user === undefined) return loadRoles(source, options);
  const { roles, bindings, problems } = await loadAll([source], options);
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  if (roles.length === 0) throw new UsageError(`${source}: holds no roles`);
  if (bindings.length === 0) return roles;
  const identity = identityOfUser(user);
  const held = bindings.flatMap(({ kind, namespace, role, subjects }) => {
    if (subjectsFor(subjects, identity).length === 0) return [];
    const found = roles.find(
      (one) => one.kind === role.kind && one.name === role.name && (one.kind === "ClusterRole" || one.namespace === namespace),
    );
    if (found === undefined) return [];
    // Within a namespace, a ClusterRole is as good as a Role there.
    const here = kind === "RoleBinding" ? { ...found, kind: "Role" as const, ...(namespace === undefined ? {} : { namespace }) } : found;
    return [{ key: JSON.stringify([found.kind, kind, here.namespace, found.name]), here }];
  });
  if (held.length === 0)
    throw new UsageError(
      `${source}: binds none of its roles to ${user}: it holds ${roles.map((one) => titleOf(one)).join(", ")}; leave the bindings out to compare with all`,
    );
  // Bound twice, it is held once.
  return [...new Map(held.map(({ key, here }) => [key, here])).values()];
}
