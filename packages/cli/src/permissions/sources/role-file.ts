import { formatProblem, problemsIn, readDocuments, withLines, type Path, type TextDocument } from "@plimsoll/api/text";
import { dirname } from "node:path";
import type * as z from "zod";
import { UsageError } from "../../failure.ts";
import { acceptComments } from "../accepted/accept-comment.ts";
import type { Acceptance } from "../accepted/acceptance.ts";
import { accountOf } from "../subjects/access.ts";
import { identityIn, type Account } from "../objects/cloud-identity.ts";
import type { SourcedBinding } from "../objects/binding.ts";
import { binding, clusterServiceVersion } from "../objects/bindings-schema.ts";
import { isKustomization } from "./folder.ts";
import { definedBy } from "../objects/crd.ts";
import type { PodKind } from "../objects/crd.ts";
import type { Served } from "../objects/served.ts";
import { allowsPrivileged } from "../objects/pod-security.ts";
import { bare, clusterRole, policyRule, role, rules } from "../objects/role-schema.ts";
import type { SourcedRole } from "../objects/role.ts";

export interface RoleFile {
  roles: SourcedRole[];
  bindings: SourcedBinding[];
  /** What else the file holds, as in `Deployment web`. */
  others: string[];
  /** ServiceAccounts that are somebody in a cloud. */
  accounts: Account[];
  /** Namespaces that let privileged pods in. */
  privileged: string[];
  /** What CustomResourceDefinitions define. */
  resources: Served[];
  /** Those of them whose objects have a pod in them. */
  podKinds: PodKind[];
  /** Findings that comments in it accept. */
  acceptances: Acceptance[];
}

/**
 * Reads the roles and bindings of a YAML or JSON text, which may hold none but not be empty: Kubernetes' own, OpenShift's, and those that
 * an operator's ClusterServiceVersion asks for. Throws a UsageError that names file, line and field of the first mistake.
 */
export function readRoles(source: string, text: string): RoleFile {
  try {
    return readText(source, text);
  } catch (error) {
    if (error instanceof UsageError && isKustomization(source))
      throw new UsageError(
        `${source}: is a kustomization, which has to be built: give its folder, or kubectl kustomize ${dirname(source)} | plimsoll permissions … -`,
      );
    // One that is rendered may hold such braces, in an annotation or for Argo.
    const line = text.split("\n").findIndex((line) => /\{\{-?\s*(if|with|range|end|else|include|define|toYaml|\.|\$)/.test(line));
    if (!(error instanceof UsageError) || line < 0) throw error;
    throw new UsageError(
      `${source}:${line + 1}: is a Helm template, and has to be rendered first: helm template CHART | plimsoll permissions risks -`,
    );
  }
}

function readText(source: string, text: string): RoleFile {
  const { documents, problems } = readDocuments(text);
  const [first] = problems;
  if (first !== undefined) throw new UsageError(formatProblem(source, first));
  if (documents.length === 0) throw noRoles(source, "is empty");
  const found = emptyFile();
  for (const document of documents) {
    const before = found.roles.length + found.bindings.length;
    addValue({ source, lineOf: document.lineOf, found }, document.value, []);
    // Of what is beside the roles, as a mode in octal, nothing is judged.
    if (found.roles.length + found.bindings.length === before) continue;
    const [ambiguity] = document.ambiguities;
    if (ambiguity !== undefined) throw new UsageError(formatProblem(source, ambiguity));
  }
  const places = [
    ...found.roles.flatMap(({ lines: role }) => role.map((line) => ({ line, role }))),
    ...found.bindings.map(({ line }) => ({ line, role: [line] })),
  ];
  found.acceptances = acceptComments(
    source,
    text,
    places.sort((a, b) => a.line - b.line),
  );
  return found;
}

/** What a file without anything holds. */
export function emptyFile(): RoleFile {
  return { roles: [], bindings: [], others: [], accounts: [], privileged: [], resources: [], podKinds: [], acceptances: [] };
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
  if (Array.isArray(value) && value.length > 0 && value.every((item) => isRecord(item) && typeof item["kind"] === "string")) {
    for (const [index, item] of value.entries()) addValue(reading, item, [...path, index]);
    return;
  }
  if (Array.isArray(value)) {
    if (value.length > 0) addRole(reading, {}, valid(reading, rules, value, path), path, value);
    return;
  }
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
  if (/^((Cluster)?Role(Binding)?)?List$/.test(kind)) return addItems(reading, value, path);
  if (apiVersion === undefined && (kind === "Role" || kind === "ClusterRole"))
    throw refused(reading, [...path, "apiVersion"], "is missing: must be rbac.authorization.k8s.io/v1");
  if (kind === "ClusterServiceVersion" && String(apiVersion).startsWith("operators.coreos.com/")) return addOperator(reading, value, path);
  if (kind === "ServiceAccount" && apiVersion === "v1" && addAccount(reading, value)) return;
  if (kind === "Namespace" && apiVersion === "v1" && addNamespace(reading, value)) return;
  if (kind === "CustomResourceDefinition" && addDefinition(reading, value)) return;
  // Roles with parameters in them are judged as they stand.
  if (kind === "Template" && Array.isArray(value["objects"]))
    return addItems(reading, { ...value, kind: "List", items: value["objects"] }, path, "objects");
  if (!isRbac(apiVersion)) return addOther(reading, value);
  if (kind === "RoleBinding" || kind === "ClusterRoleBinding") return addBinding(reading, value, path);
  const given = isOpenShift(apiVersion) ? fromOpenShift(value) : value;
  if (kind === "Role") return addNamed(reading, valid(reading, role, given, path), path, value);
  if (kind === "ClusterRole") return addNamed(reading, valid(reading, clusterRole, given, path), path, value);
  const meant = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].find((one) => one.toLowerCase() === kind.toLowerCase());
  if (meant !== undefined) throw refused(reading, [...path, "kind"], `is ${JSON.stringify(kind)}: write ${meant}`);
  addOther(reading, value);
}

/** OpenShift's rules have a field that counts no more, and take no group for the core one. */
function fromOpenShift(value: Record<string, unknown>): Record<string, unknown> {
  const own = value["rules"];
  if (!Array.isArray(own)) return value;
  return {
    ...value,
    rules: own.map((rule: unknown) => {
      if (!isRecord(rule)) return rule;
      const { attributeRestrictions: _, apiGroups, ...rest } = rule;
      const none = apiGroups === undefined || apiGroups === null || (Array.isArray(apiGroups) && apiGroups.length === 0);
      const isPath = Array.isArray(rest["nonResourceURLs"]) && rest["nonResourceURLs"].length > 0;
      return { ...rest, ...(none ? (isPath ? {} : { apiGroups: [""] }) : { apiGroups }) };
    }),
  };
}

function addItems(
  reading: Reading,
  { apiVersion, kind, items }: Record<string, unknown> & { kind: string },
  path: Path,
  field = "items",
): void {
  if (!Array.isArray(items)) throw refused(reading, [...path, "items"], "is missing: give a list of roles");
  // In a typed list, as the API server gives it, the items name no kind of their own.
  const typed = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
  for (const [index, item] of items.entries()) addValue(reading, isRecord(item) ? { ...typed, ...item } : item, [...path, field, index]);
}

/** Whether it says what it defines. */
function addDefinition({ found }: Reading, value: Record<string, unknown>): boolean {
  const defined = definedBy(value);
  if (defined === undefined) return false;
  const { resource, hasPod } = defined;
  found.resources.push(resource);
  if (hasPod) found.podKinds.push({ group: resource.group, resource: resource.plural, namespaced: resource.namespaced });
  return true;
}

/** Whether it is one that roles may reach a cloud by. */
function addAccount({ found }: Reading, { metadata }: Record<string, unknown>): boolean {
  if (!isRecord(metadata) || typeof metadata["name"] !== "string") return false;
  const { name, namespace, annotations } = metadata;
  const { identity } = identityIn(isRecord(annotations) ? annotations : undefined);
  if (identity === undefined) return false;
  found.accounts.push({ name, namespace: typeof namespace === "string" ? namespace : "", identity });
  return true;
}

/** Whether it is one that lets privileged pods in. */
function addNamespace({ found }: Reading, { metadata }: Record<string, unknown>): boolean {
  if (!isRecord(metadata) || typeof metadata["name"] !== "string" || !isRecord(metadata["labels"])) return false;
  if (!allowsPrivileged(metadata["labels"])) return false;
  found.privileged.push(metadata["name"]);
  return true;
}

function addOther({ found }: Reading, { kind, metadata }: Record<string, unknown>): void {
  const name = isRecord(metadata) ? metadata["name"] : undefined;
  found.others.push(typeof name === "string" ? `${String(kind)} ${name}` : String(kind));
}

function addBinding({ source, lineOf, found }: Reading, value: Record<string, unknown>, path: Path): void {
  const read = valid({ source, lineOf, found }, binding, value, path);
  const { kind, metadata, roleRef } = read;
  const within = kind === "RoleBinding" && metadata.namespace ? { namespace: metadata.namespace } : {};
  const isRole = roleRef.kind === undefined ? Boolean(roleRef.namespace) : roleRef.kind === "Role";
  found.bindings.push({
    kind,
    name: metadata.name,
    ...within,
    role: { kind: isRole ? "Role" : "ClusterRole", name: roleRef.name },
    subjects: subjectsOf(read).map(({ kind, name, namespace }) => ({
      kind: kind.replace(/^System(User|Group)$/, "$1"),
      name,
      ...(kind === "ServiceAccount" ? { namespace: namespace || metadata.namespace || "" } : {}),
    })),
    source,
    line: lineOf([...path, "roleRef"]),
  });
}

/** Whom a binding binds. OpenShift's own fields, where one is given, count in place of `subjects` (github.com/openshift/api authorization/v1). */
function subjectsOf({ apiVersion, subjects, userNames, groupNames }: z.infer<typeof binding>): NonNullable<typeof subjects> {
  if (!isOpenShift(apiVersion) || (!userNames?.length && !groupNames?.length)) return subjects ?? [];
  return [
    ...(userNames ?? []).map((user) => {
      const account = accountOf(user);
      return account === undefined ? { kind: "User", name: user } : { kind: "ServiceAccount", ...account };
    }),
    ...(groupNames ?? []).map((name) => ({ kind: "Group", name })),
  ];
}

/** The roles and bindings that an operator is installed with. */
function addOperator(reading: Reading, value: Record<string, unknown>, path: Path): void {
  const { metadata, spec } = valid(reading, clusterServiceVersion, value, path);
  const { namespace } = metadata;
  const install = spec.install.spec;
  for (const field of ["clusterPermissions", "permissions"] as const) {
    for (const [index, { serviceAccountName, rules: own }] of (install[field] ?? []).entries()) {
      const at = [...path, "spec", "install", "spec", field, index];
      const kind = field === "permissions" ? "Role" : "ClusterRole";
      const name = `${metadata.name} ${field} ${index + 1}`;
      const within = kind === "Role" && namespace ? { namespace } : {};
      addRole(reading, { kind, name, ...within }, valid(reading, rules, own, [...at, "rules"]), [...at, "rules"], { rules: own });
      reading.found.bindings.push({
        kind: `${kind}Binding`,
        name,
        ...within,
        role: { kind, name },
        subjects: [{ kind: "ServiceAccount", name: serviceAccountName, namespace: namespace ?? "" }],
        source: reading.source,
        line: reading.lineOf(at),
      });
    }
  }
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
  return typeof apiVersion === "string" && /^(rbac\.authorization\.k8s\.io\/|authorization\.openshift\.io\/)/.test(apiVersion);
}

function isOpenShift(apiVersion: unknown): boolean {
  return String(apiVersion).startsWith("authorization.openshift.io/");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
