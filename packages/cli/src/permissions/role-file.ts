import { formatPath, formatProblem, problemsIn, type Problem } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube";
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from "yaml";
import type { z } from "zod";
import { UsageError } from "../failure.ts";
import { bare, clusterRole, policyRule, role, rules } from "./role-schema.ts";
import type { SourcedRole } from "./role.ts";

type Path = readonly (string | number)[];

export interface RoleFile {
  roles: SourcedRole[];
  /** What else the file holds, as in `Deployment web`. */
  others: string[];
}

/** Reads the roles of a YAML or JSON text, which may hold none but not be empty. Throws a UsageError that names file, line and field of the first mistake. */
export function readRoles(source: string, text: string): RoleFile {
  const lines = new LineCounter();
  const found: RoleFile = { roles: [], others: [] };
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true, logLevel: "error" });
  let isEmpty = true;
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error !== undefined)
      throw refused(source, {
        field: "",
        message: `not YAML: ${error.message}${hint(error.message, text)}`,
        line: lines.linePos(error.pos[0]).line,
      });
    const lineAt = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
    const value = valueOf(source, document);
    if (value === null) continue;
    isEmpty = false;
    addValue({ source, lineAt, found }, value, []);
  }
  if (isEmpty) throw noRoles(source, "is empty");
  return found;
}

/** That a file has none of the roles that it is read for. */
export function noRoles(source: string, how: string): UsageError {
  return new UsageError(`${source}: ${how}: give a Role, a ClusterRole, a List of them, a list of rules, or an object with \`rules\``);
}

interface Reading {
  source: string;
  lineAt: (path: Path) => number;
  found: RoleFile;
}

function addValue(reading: Reading, value: unknown, path: Path): void {
  if (Array.isArray(value)) {
    const read = valid(reading, rules, value, path);
    return addRole(reading, {}, read, path, value);
  }
  const { source, lineAt, found } = reading;
  if (!isRecord(value))
    throw refused(source, { field: formatPath(path), message: "is neither an object nor a list of rules", line: lineAt(path) });
  const { apiVersion, kind, items } = value;
  if (kind === undefined && value["rules"] !== undefined)
    return addRole(reading, {}, valid(reading, bare, value, path).rules, [...path, "rules"], value);
  if (kind === undefined)
    throw refused(source, {
      field: formatPath([...path, "kind"]),
      message: "is missing: give a Role, a ClusterRole, a List of them, or an object with `rules`",
      line: lineAt(path),
    });
  if (typeof kind !== "string")
    throw refused(source, {
      field: formatPath([...path, "kind"]),
      message: "is not a text: give a Role, a ClusterRole or a List of them",
      line: lineAt([...path, "kind"]),
    });
  if (/^(Cluster)?(Role)?List$/.test(kind)) {
    if (!Array.isArray(items))
      throw refused(source, { field: formatPath([...path, "items"]), message: "is missing: give a list of roles", line: lineAt(path) });
    // In a typed list, as the API server gives it, the items name no kind of their own.
    const typed = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
    for (const [index, item] of items.entries())
      addValue(reading, isRecord(item) ? { ...typed, ...item } : item, [...path, "items", index]);
    return;
  }
  const meant = isRbac(apiVersion)
    ? ["Role", "ClusterRole"].find((one) => one.toLowerCase() === kind.toLowerCase() && one !== kind)
    : undefined;
  if (meant !== undefined)
    throw refused(source, {
      field: formatPath([...path, "kind"]),
      message: `is ${JSON.stringify(kind)}: write ${meant}`,
      line: lineAt([...path, "kind"]),
    });
  const schema = kind === "Role" ? role : kind === "ClusterRole" ? clusterRole : undefined;
  if (schema !== undefined && apiVersion === undefined)
    throw refused(source, {
      field: formatPath([...path, "apiVersion"]),
      message: "is missing: must be rbac.authorization.k8s.io/v1",
      line: lineAt(path),
    });
  if (schema === undefined || !isRbac(apiVersion)) {
    found.others.push([kind, nameOf(value)].filter(Boolean).join(" "));
    return;
  }
  const read: z.infer<typeof role> | z.infer<typeof clusterRole> = valid<z.infer<typeof role> | z.infer<typeof clusterRole>>(
    reading,
    schema,
    value,
    path,
  );
  const { name, namespace } = read.metadata;
  addRole(
    reading,
    { kind: read.kind, name, ...(namespace === undefined ? {} : { namespace }) },
    read.rules ?? [],
    [...path, "rules"],
    value,
  );
}

function addRole(
  { source, lineAt, found }: Reading,
  named: Pick<SourcedRole, "kind" | "name" | "namespace">,
  read: z.infer<typeof rules>,
  path: Path,
  whole: object,
): void {
  found.roles.push({ ...named, rules: read.map(policyRule), source, lines: read.map((_, index) => lineAt([...path, index])), whole });
}

function valid<T>({ source, lineAt }: Reading, schema: z.ZodType<T>, value: unknown, path: Path): T {
  const problems = problemsIn(schema, value, formatPath(path)).map((problem) => ({ ...problem, line: lineAt(pathOf(problem.field)) }));
  const [first, ...more] = problems.sort((a, b) => a.line - b.line);
  if (first !== undefined) throw refused(source, first, more.length);
  return schema.parse(value);
}

function refused(source: string, problem: Problem, more = 0): UsageError {
  return new UsageError(formatProblem(source, problem) + (more === 0 ? "" : ` (and ${more} more ${more === 1 ? "mistake" : "mistakes"})`));
}

/** What people most often write that YAML cannot read. */
function hint(message: string, text: string): string {
  if (/\balias\b/i.test(message)) return '; a lone * takes quotes, as in verbs: ["*"]';
  return text.includes("{{") ? "; a template has to be rendered first, as by `helm template`" : "";
}

function valueOf(source: string, document: Document): unknown {
  try {
    const value: unknown = document.toJS();
    // Throws for what holds itself.
    JSON.stringify(value);
    return value;
  } catch (error) {
    // Aliases that stand for more than they should, for nothing, or for what they are in.
    if (error instanceof TypeError) throw new UsageError(`${source}: not YAML that can be read: an alias stands for what it is in`);
    throw new UsageError(`${source}: not YAML that can be read: ${messageOf(error)}`);
  }
}

/** The offset of what stands at the path, or of the nearest that encloses it. */
function offsetOf(document: Document, path: Path): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const step of [undefined, ...path]) {
    if (step !== undefined) node = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) break;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

function pathOf(field: string): Path {
  return field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function isRbac(apiVersion: unknown): boolean {
  return typeof apiVersion === "string" && apiVersion.startsWith("rbac.authorization.k8s.io/");
}

function nameOf(value: Record<string, unknown>): string {
  return isRecord(value["metadata"]) && typeof value["metadata"]["name"] === "string" ? value["metadata"]["name"] : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
