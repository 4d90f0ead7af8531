import { readSource } from "../manifest.ts";
import { UsageError } from "../failure.ts";
import type { ClusterOptions } from "../cluster-options.ts";
import { readRoles } from "./role-file.ts";
import { referenceRoles } from "./reference.ts";
import type { SourcedRole } from "./role.ts";

/** The roles that an argument names. Documents of a file that are no roles are told to stderr. Throws a UsageError. */
export async function loadRoles(source: string, options: ClusterOptions = {}): Promise<SourcedRole[]> {
  if (source.startsWith("ref:")) return referenceRoles(source);
  const [, kind, name] = /^(clusterrole|role)s?\/([^/]+)$/i.exec(source) ?? [];
  if (kind !== undefined && name !== undefined && !/\.(ya?ml|json)$/.test(name)) return [await (await import("./live.ts")).readRole(source, kind.toLowerCase() === "role" ? "Role" : "ClusterRole", name, options)];
  const { roles, others } = readRoles(source, await readSource(source));
  if (others.length > 0) console.error(`${source}: left out, as no roles: ${others.join(", ")}`);
  return roles;
}

/** The roles of several arguments. Standard input can be read once only. */
export async function loadAll(sources: readonly string[], options: ClusterOptions = {}): Promise<SourcedRole[]> {
  if (sources.filter((source) => source === "-").length > 1) throw new UsageError("-: standard input can be read only once: put one of the two in a file");
  const loaded: SourcedRole[] = [];
  for (const source of sources) loaded.push(...(await loadRoles(source, options)));
  return loaded;
}
