import { ineffective } from "@plimsoll/permissions";
import { readSource } from "../manifest.ts";
import type { ClusterOptions } from "../cluster-options.ts";
import { noRoles, readRoles } from "./role-file.ts";
import { referenceRoles } from "./reference.ts";
import { titleOf, type SourcedRole } from "./role.ts";
import { checkReadOnce } from "./stdin.ts";
import { visible } from "./visible.ts";

interface LoadOptions extends ClusterOptions {
  /** A file of other objects alone is no mistake, as where whole folders are looked through. */
  mayHaveNone?: boolean;
}

/** The roles that an argument names. Documents of a file that are no roles are told to stderr. Throws a UsageError. */
export async function loadRoles(source: string, options: LoadOptions = {}): Promise<SourcedRole[]> {
  if (source.startsWith("ref:")) return referenceRoles(source);
  const [, kind, name] = /^(clusterrole|role)s?\/([^/]+)$/i.exec(source) ?? [];
  if (kind !== undefined && name !== undefined && !/\.(ya?ml|json)$/.test(name))
    return [await (await import("./live.ts")).readRole(source, kind.toLowerCase() === "role" ? "Role" : "ClusterRole", name, options)];
  const { roles, others } = readRoles(source, await readSource(source));
  if (roles.length === 0 && !options.mayHaveNone)
    throw noRoles(source, others.length === 0 ? "holds no roles" : `holds only ${visible(others.join(", "))}`);
  if (others.length > 0) console.error(`${source}: left out, as no roles: ${visible(others.join(", "))}`);
  for (const { rules, lines } of roles)
    for (const [index, rule] of rules.entries())
      for (const what of ineffective(rule)) console.error(`note: ${source}:${lines[index]}: nothing is granted by ${visible(what)}`);
  for (const role of roles)
    if (role.rules.length === 0 && "aggregationRule" in role.whole)
      console.error(`note: ${titleOf(role)} takes its rules from others in the cluster, by its aggregationRule; none are in ${source}`);
  return roles;
}

/** The roles of several arguments. Standard input can be read once only. */
export async function loadAll(sources: readonly string[], options: LoadOptions = {}): Promise<SourcedRole[]> {
  checkReadOnce(sources);
  const loaded: SourcedRole[] = [];
  for (const source of sources) loaded.push(...(await loadRoles(source, options)));
  return loaded;
}

/** The roles of each of two arguments. */
export async function loadBoth(a: string, b: string, options: ClusterOptions): Promise<[SourcedRole[], SourcedRole[]]> {
  checkReadOnce([a, b]);
  return [await loadRoles(a, options), await loadRoles(b, options)];
}
