import { formatProblem, problemsIn, readDocuments, withLines, type Path, type TextDocument } from "@plimsoll/api";
import type * as z from "zod";
import { UsageError } from "../failure.ts";
import { bare, clusterRole, policyRule, role, rules } from "./role-schema.ts";
import type { SourcedRole } from "./role.ts";

export interface RoleFile {
  roles: SourcedRole[];
  /** What else the file holds, as in `Deployment web`. */
  others: string[];
}

/** Reads the roles of a YAML or JSON text, which may hold none but not be empty. Throws a UsageError that names file, line and field of the first mistake. */
export function readRoles(source: string, text: string): RoleFile {
  const { documents, problems } = readDocuments(text);
  const [first] = problems;
  if (first !== undefined) throw new UsageError(formatProblem(source, first));
  if (documents.length === 0) throw noRoles(source, "is empty");
  const found: RoleFile = { roles: [], others: [] };
  for (const { value, lineOf } of documents) addValue({ source, lineOf, found }, value, []);
  return found;
}

/** That a file has none of the roles that it is read for. */
export function noRoles(source: string, how: string): UsageError {
  return new UsageError(`${source}: ${how}: give a Role, a ClusterRole, a List of them, a list of rules, or an object with \`rules\``);
}

interface Reading extends Pick<TextDocument, "lineOf"> {
  source: string;
  found: RoleFile;
}

function addValue(reading: Reading, value: unknown, path: Path): void {
  if (Array.isArray(value)) return addRole(reading, {}, valid(reading, rules, value, path), path, value);
  if (!isRecord(value)) throw refused(reading, path, "is neither an object nor a list of rules");
  const { kind } = value;
  if (typeof kind === "string") return addObject(reading, { ...value, kind }, path);
  if (kind !== undefined) throw refused(reading, [...path, "kind"], "is not a text: give a Role, a ClusterRole or a List of them");
  if (value["rules"] === undefined)
    throw refused(reading, [...path, "kind"], "is missing: give a Role, a ClusterRole, a List of them, or an object with `rules`");
  addRole(reading, {}, valid(reading, bare, value, path).rules, [...path, "rules"], value);
}

function addObject(reading: Reading, value: Record<string, unknown> & { kind: string }, path: Path): void {
  const { apiVersion, kind } = value;
  if (/^(Cluster)?(Role)?List$/.test(kind)) return addItems(reading, value, path);
  if (apiVersion === undefined && (kind === "Role" || kind === "ClusterRole"))
    throw refused(reading, [...path, "apiVersion"], "is missing: must be rbac.authorization.k8s.io/v1");
  if (!isRbac(apiVersion)) return addOther(reading, value);
  if (kind === "Role") return addNamed(reading, valid(reading, role, value, path), path, value);
  if (kind === "ClusterRole") return addNamed(reading, valid(reading, clusterRole, value, path), path, value);
  const meant = ["Role", "ClusterRole"].find((one) => one.toLowerCase() === kind.toLowerCase());
  if (meant !== undefined) throw refused(reading, [...path, "kind"], `is ${JSON.stringify(kind)}: write ${meant}`);
  addOther(reading, value);
}

function addItems(reading: Reading, { apiVersion, kind, items }: Record<string, unknown> & { kind: string }, path: Path): void {
  if (!Array.isArray(items)) throw refused(reading, [...path, "items"], "is missing: give a list of roles");
  // In a typed list, as the API server gives it, the items name no kind of their own.
  const typed = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
  for (const [index, item] of items.entries()) addValue(reading, isRecord(item) ? { ...typed, ...item } : item, [...path, "items", index]);
}

function addOther({ found }: Reading, { kind, metadata }: Record<string, unknown>): void {
  const name = isRecord(metadata) ? metadata["name"] : undefined;
  found.others.push(typeof name === "string" ? `${String(kind)} ${name}` : String(kind));
}

function addNamed(reading: Reading, read: z.infer<typeof role> | z.infer<typeof clusterRole>, path: Path, whole: object): void {
  const { name, namespace } = read.metadata;
  const named = { kind: read.kind, name, ...(namespace === undefined ? {} : { namespace }) };
  addRole(reading, named, read.rules ?? [], [...path, "rules"], whole);
}

function addRole(
  { source, lineOf, found }: Reading,
  named: Pick<SourcedRole, "kind" | "name" | "namespace">,
  read: z.infer<typeof rules>,
  path: Path,
  whole: object,
): void {
  found.roles.push({ ...named, rules: read.map(policyRule), source, lines: read.map((_, index) => lineOf([...path, index])), whole });
}

function valid<T>({ source, lineOf }: Reading, schema: z.ZodType<T>, value: unknown, path: Path): T {
  const [first, ...more] = withLines(problemsIn(schema, value, path), lineOf);
  if (first === undefined) return schema.parse(value);
  const others = more.length === 0 ? "" : ` (and ${more.length} more ${more.length === 1 ? "mistake" : "mistakes"})`;
  throw new UsageError(formatProblem(source, first) + others);
}

function refused({ source, lineOf }: Reading, path: Path, message: string): UsageError {
  return new UsageError(formatProblem(source, { path, message, line: lineOf(path) }));
}

function isRbac(apiVersion: unknown): boolean {
  return typeof apiVersion === "string" && apiVersion.startsWith("rbac.authorization.k8s.io/");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
