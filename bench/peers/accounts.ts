import type { PolicyRule } from "@plimsoll/permissions";
import { parseAllDocuments } from "yaml";
import * as z from "zod";

const texts = z.array(z.string()).default([]);
const rule = z.object({ verbs: texts, apiGroups: texts, resources: texts, resourceNames: texts, nonResourceURLs: texts });
const metadata = z.object({ name: z.string() });
const role = z.object({ kind: z.enum(["Role", "ClusterRole"]), metadata, rules: z.array(rule).default([]) });
const binding = z.object({
  kind: z.enum(["RoleBinding", "ClusterRoleBinding"]),
  metadata,
  roleRef: z.object({ kind: z.enum(["Role", "ClusterRole"]), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});
const object = z.union([role, binding]);
const other = z.object({ kind: z.string() });

/** What a ServiceAccount is bound to. */
export interface Account {
  name: string;
  /** By ClusterRoleBindings. */
  cluster: PolicyRule[];
  /** By RoleBindings. */
  namespace: PolicyRule[];
}

/**
 * The ServiceAccounts that manifests bind to roles, with the roles' rules. What else is in the manifests is passed over.
 * @throws Error where a bound role isn't among them.
 */
export function accountsOf(manifests: readonly string[]): Account[] {
  const objects = manifests.flatMap(objectsOf);
  const accounts = new Map<string, Account>();
  for (const bound of objects) {
    if (!("roleRef" in bound)) continue;
    const { kind, name } = bound.roleRef;
    const found = objects.find((one) => "rules" in one && one.kind === kind && one.metadata.name === name);
    if (found === undefined || !("rules" in found))
      throw new Error(`${bound.kind} ${bound.metadata.name} binds the ${kind} ${name}, which isn't in the manifests`);
    for (const subject of bound.subjects) {
      if (subject.kind !== "ServiceAccount") continue;
      const account = accounts.get(subject.name) ?? { name: subject.name, cluster: [], namespace: [] };
      accounts.set(subject.name, account);
      account[bound.kind === "ClusterRoleBinding" ? "cluster" : "namespace"].push(...found.rules);
    }
  }
  return [...accounts.values()];
}

const kinds = new Set(["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"]);

function objectsOf(manifest: string): z.infer<typeof object>[] {
  return parseAllDocuments(manifest).flatMap((document) => {
    const content: unknown = document.toJS();
    const { success, data } = other.safeParse(content);
    return success && kinds.has(data.kind) ? [object.parse(content)] : [];
  });
}
