import { covers, ineffective } from "@plimsoll/permissions";
import { UsageError } from "../../failure.ts";
import type { ClusterOptions } from "../../connect/cluster-options.ts";
import { aggregated, gathersOthers, ownRulesAreLost } from "../objects/aggregation.ts";
import { textsOf } from "./folder.ts";
import { emptyFile, noRoles, readRoles, type RoleFile } from "./role-file.ts";
import { placeOf, titleOf, type SourcedRole } from "../objects/role.ts";
import { scopesOf } from "../objects/served.ts";
import { checkReadOnce } from "../../source-text.ts";
import { visible } from "../../output/visible.ts";

/** What an argument that names rules may be, for --help. */
export const sourceHelp = `
Rules come from a FILE in YAML or JSON (Roles, ClusterRoles, Lists, bare rules, or an object with \`rules\`), from a FOLDER of such files, charts
(rendered by helm) and kustomizations (by kustomize or kubectl), from - (standard input),
from the cluster as clusterrole/NAME or role/NAME, or from a reference as ref:ocean, ref:ocean-chart or ref:ai-pipeline.`;

interface LoadOptions extends ClusterOptions {
  /** Roles that gather others are given as they are written. */
  asWritten?: boolean;
  /** What makes pods is asked of the cluster that roles are from. */
  judged?: boolean;
}

/** Roles, and the bindings that hand them out. */
export type Loaded = Omit<RoleFile, "others">;

/** The roles that an argument names. Documents of a file that are neither role nor binding are told to stderr. Throws a UsageError. */
export async function loadRoles(source: string, options: LoadOptions = {}): Promise<SourcedRole[]> {
  return (await loadSource(source, options)).roles;
}

/** The same, with what CustomResourceDefinitions beside them define. */
export async function loadSource(source: string, options: LoadOptions = {}): Promise<Pick<RoleFile, "roles" | "resources">> {
  const { roles, bindings, others, resources } = await read(source, options);
  if (roles.length === 0) {
    const held = [...bindings.map((one) => titleOf(one)), ...others];
    throw noRoles(source, held.length === 0 ? "holds no roles" : `holds only ${visible(held.join(", "))}`);
  }
  return { roles: options.asWritten ? roles : granting(roles), resources };
}

/**
 * The roles and bindings of several arguments, of which files may hold none. Standard input can be read once only. A source that can't be read
 * is one of the problems; the others are read all the same.
 */
export async function loadAll(sources: readonly string[], options: LoadOptions = {}): Promise<Loaded & { problems: UsageError[] }> {
  checkReadOnce(sources);
  const { others: _, ...loaded }: RoleFile = emptyFile();
  const problems: UsageError[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error);
    }
  };
  for (const source of sources)
    await attempt(async () => {
      for (const read of await readersOf(source, options))
        await attempt(async () => {
          const { roles, bindings, accounts, privileged, resources, podKinds, acceptances } = await read();
          loaded.roles.push(...roles);
          loaded.bindings.push(...bindings);
          loaded.accounts.push(...accounts);
          loaded.privileged.push(...privileged);
          loaded.resources.push(...resources);
          loaded.podKinds.push(...podKinds);
          loaded.acceptances.push(...acceptances);
        });
    });
  noteIneffective(loaded);
  noteTwice(loaded.roles);
  return { ...loaded, roles: granting(loaded.roles), problems };
}

/** The roles of each of two arguments; those of one may gather those of the other. */
export async function loadBoth(a: string, b: string, options: ClusterOptions): Promise<[SourcedRole[], SourcedRole[]]> {
  checkReadOnce([a, b]);
  const [first, second] = [await loadRoles(a, { ...options, asWritten: true }), await loadRoles(b, { ...options, asWritten: true })];
  return [granting(first, second), granting(second, first)];
}

/** All that an argument names. */
async function read(source: string, options: LoadOptions): Promise<RoleFile> {
  const all = emptyFile();
  for (const read of await readersOf(source, options)) {
    const one = await read();
    all.roles.push(...one.roles);
    all.bindings.push(...one.bindings);
    all.others.push(...one.others);
    all.resources.push(...one.resources);
  }
  noteIneffective(all);
  return all;
}

/** What reads each part of what an argument names: the files of a folder. */
async function readersOf(source: string, options: LoadOptions): Promise<(() => Promise<RoleFile>)[]> {
  if (source.startsWith("ref:") || clusterRole.test(source)) return [() => readNamed(source, options)];
  const texts = await textsOf(source);
  return texts.map((text) => async () => readFile(text.source, await text.read(), { isAlone: text.source === source }));
}

/** `clusterrole/NAME`, but not a file of that name in a folder. */
const clusterRole = /^(clusterrole|role)s?\/(?!.*\.(ya?ml|json)$)([^/]+)$/i;

async function readNamed(source: string, options: LoadOptions): Promise<RoleFile> {
  const [, kind = "", , name = ""] = clusterRole.exec(source) ?? [];
  if (kind === "") return { ...emptyFile(), roles: (await import("./reference.ts")).referenceRoles(source) };
  const { openedToAsk, readRole } = await import("./live.ts");
  const role = await readRole(source, kind.toLowerCase() === "role" ? "Role" : "ClusterRole", name, options);
  if (!options.judged) return { ...emptyFile(), roles: [role] };
  const { readPodKinds } = await import("../objects/pod-kinds.ts");
  return { ...emptyFile(), roles: [role], podKinds: await openedToAsk(options, readPodKinds) };
}

/** What else a folder's files hold is nobody's mistake. */
function readFile(source: string, text: string, { isAlone }: { isAlone: boolean }): RoleFile {
  const file = readRoles(source, text);
  if (isAlone && file.others.length > 0 && file.roles.length + file.bindings.length > 0)
    console.error(`${source}: left out, as no roles: ${visible(file.others.join(", "))}`);
  return file;
}

/** Tells of roles that are there several times and differ: of these, a cluster has the one that was applied last. */
function noteTwice(roles: readonly SourcedRole[]): void {
  const named = roles.filter(({ kind, lines }) => kind !== undefined && lines.length > 0);
  for (const [title, same] of Map.groupBy(named, (role) => titleOf(role))) {
    if (new Set(same.map(({ rules }) => JSON.stringify(rules))).size < 2) continue;
    const places = same.map((role) => placeOf(role, 0));
    console.error(
      `note: ${title} is there ${same.length} times, at ${places.join(" and ")}: bindings are taken to give the last, as applied in this order`,
    );
  }
}

/** Tells of what grants nothing in the rules. */
function noteIneffective({ roles, bindings, resources }: Pick<RoleFile, "roles" | "bindings" | "resources">): void {
  const scopes = scopesOf(resources);
  const naming = (kind: string): Set<string> =>
    new Set(bindings.filter((one) => one.kind === kind && one.role.kind === "ClusterRole").map(({ role }) => role.name));
  const [within, wide] = [naming("RoleBinding"), naming("ClusterRoleBinding")];
  for (const { kind, name = "", rules, lines, source, whole } of roles) {
    if (lines.length === 0 && (source.startsWith("ref:") || isBootstrapped(whole))) continue;
    const isWithin = kind === "Role" || (kind === "ClusterRole" && within.has(name) && !wide.has(name));
    for (const [index, rule] of rules.entries())
      for (const what of ineffective(rule, { ...(isWithin && { within: kind }), scopes }))
        console.error(`note: ${source}:${lines[index] ?? ` rule ${index + 1}`}: nothing is granted by ${visible(what)}`);
  }
}

/** What came with Kubernetes can't be mended by who reads it, no more than a reference. */
function isBootstrapped(whole: { metadata?: { labels?: Record<string, string> } }): boolean {
  return whole.metadata?.labels?.["kubernetes.io/bootstrapping"] === "rbac-defaults";
}

/** Roles with what they grant; what a cluster gave has its rules from there. */
function granting(roles: readonly SourcedRole[], others: readonly SourcedRole[] = []): SourcedRole[] {
  const known = aggregated(roles, [...roles, ...others]);
  return roles.map((role, index) => {
    const found = known[index] ?? role;
    if (!gathersOthers(role) || isFromCluster(role)) return role;
    if (found.rules.length === 0)
      console.error(
        `note: ${titleOf(role)} takes its rules from others in the cluster, by its aggregationRule; none are in ${role.source}`,
      );
    if (covers(found.rules, role.rules).length > 0) console.error(`note: ${ownRulesAreLost(role)}`);
    return found;
  });
}

/** Then its rules are those that the controller gathered there. */
export function isFromCluster({ rules, lines, whole }: SourcedRole): boolean {
  return lines.length < rules.length || ("metadata" in whole && typeof whole.metadata === "object" && "uid" in (whole.metadata ?? {}));
}
