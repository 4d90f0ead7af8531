import type { PolicyRule } from "@plimsoll/permissions";
import { nodesInReach, risks, type Severity } from "@plimsoll/permissions/risks";
import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import type { Bound } from "../subjects/access.ts";
import { borrowed, isAtLeast } from "../risks/findings.ts";
import type { InFiles } from "../sources/bound-files.ts";
import { titleOf } from "../objects/role.ts";
import { scopesOf } from "../objects/served.ts";

/** A subject, a role where it is bound, or a risk. */
export interface GraphNode {
  id: string;
  of: "subject" | "role" | "risk";
  label: string;
  severity?: Severity;
}

export interface GraphEdge {
  from: string;
  to: string;
  /** The binding, or how a role reaches a ServiceAccount. */
  label: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Who reaches which risk through which role, which ServiceAccounts' roles with it, and the nodes by pods in the namespaces that let privileged ones in. Subjects and roles without such a risk are left out. */
export function reachGraph(
  bindings: readonly Bound[],
  least: Severity,
  fits: (subject: Subject) => boolean,
  { privileged = [], podKinds = [], resources = [] }: Partial<Omit<InFiles, "bindings">> = {},
): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const node = (of: GraphNode["of"], label: string, severity?: Severity): string => {
    const id = `${of} ${label}`;
    if (!nodes.has(id)) nodes.set(id, { id, of, label, ...(severity !== undefined && { severity }) });
    return id;
  };
  const edge = (from: string, to: string, label: string): void => void edges.set(JSON.stringify([from, to, label]), { from, to, label });
  const accounts = accountsIn(bindings);
  const scopes = scopesOf(resources);
  for (const { binding, role, namespace, rules = [], subjects } of bindings) {
    const shown = subjects.filter(fits);
    if (shown.length === 0) continue;
    const within = accounts.filter((account) => namespace === undefined || account.namespace === namespace);
    const open = privileged.filter((one) => namespace === undefined || one === namespace);
    const reach = { ...(namespace !== undefined && { namespace }), accounts: within, privileged: open, podKinds, scopes };
    const found = risks(rules, reach).filter(({ severity }) => isAtLeast(severity, least));
    if (found.length === 0) continue;
    const through = node("role", `${titleOf(role)}${namespace === undefined ? "" : role.kind === "Role" ? "" : ` in ${namespace}`}`);
    for (const subject of shown) edge(node("subject", titleOf(subject)), through, titleOf(binding));
    for (const { id, severity } of found) {
      if (id === nodesInReach) {
        for (const one of open) edge(through, node("risk", "the nodes", severity), `privileged pods in ${one}`);
        continue;
      }
      const account = id.startsWith(borrowed) ? id.slice(borrowed.length) : undefined;
      // Its own roles are in the graph by its own bindings.
      if (account === undefined) edge(through, node("risk", id, severity), severity);
      else if (!shown.some((subject) => titleOf(subject) === `ServiceAccount ${account}`))
        edge(through, node("subject", `ServiceAccount ${account}`), "reaches");
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** The ServiceAccounts that are given something, with all that they are given. */
function accountsIn(bindings: readonly Bound[]): { name: string; namespace: string; rules: PolicyRule[] }[] {
  const found = new Map<string, { name: string; namespace: string; rules: PolicyRule[] }>();
  for (const { subjects, rules = [] } of bindings)
    for (const { kind, name, namespace = "" } of subjects) {
      if (kind !== "ServiceAccount") continue;
      const title = `${namespace}/${name}`;
      const known = found.get(title) ?? { name: title, namespace, rules: [] };
      known.rules.push(...rules);
      found.set(title, known);
    }
  return [...found.values()];
}
