import type { PolicyRule } from "@plimsoll/permissions";
import { nodesInReach, risks, type Severity } from "@plimsoll/permissions/risks";
import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import type { Bound } from "../subjects/access.ts";
import { borrowed, isAtLeast } from "../risks/findings.ts";
import type { Account } from "../objects/cloud-identity.ts";
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

/**
 * Who reaches which risk through which role, which ServiceAccounts' roles and cloud identities with it, and the nodes by pods in the namespaces that let
 * privileged ones in. Subjects and roles without such a risk are left out.
 */
export function reachGraph(
  bindings: readonly Bound[],
  least: Severity,
  fits: (subject: Subject) => boolean,
  { accounts: known = [], privileged = [], podKinds = [], resources = [] }: Partial<Omit<InFiles, "bindings">> = {},
): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const node = (of: GraphNode["of"], label: string, severity?: Severity): string => {
    const id = `${of} ${label}`;
    if (!nodes.has(id)) nodes.set(id, { id, of, label, ...(severity !== undefined && { severity }) });
    return id;
  };
  const edge = (from: string, to: string, label: string): void => void edges.set(JSON.stringify([from, to, label]), { from, to, label });
  const accounts = accountsIn(bindings, known);
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
      const account = [borrowed, ofCloud].flatMap((prefix) => (id.startsWith(prefix) ? id.slice(prefix.length) : [])).at(0);
      // Its own roles are in the graph by its own bindings.
      if (account === undefined) edge(through, node("risk", id, severity), severity);
      else if (!shown.some((subject) => titleOf(subject) === `ServiceAccount ${account}`))
        edge(through, node("subject", `ServiceAccount ${account}`), "reaches");
    }
  }
  if (isAtLeast("high", least))
    for (const { name, identity } of accounts)
      if (identity !== undefined && nodes.has(`subject ServiceAccount ${name}`))
        edge(`subject ServiceAccount ${name}`, node("risk", identity, "high"), "is in the cloud");
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** What begins the id of a finding that an account's cloud identity gives. */
const ofCloud = "cloud-identity/";

interface Holder {
  name: string;
  namespace: string;
  rules: PolicyRule[];
  identity?: string;
}

/** The ServiceAccounts that are given something or are somebody in a cloud, with all that they are given. */
function accountsIn(bindings: readonly Bound[], known: readonly Account[]): Holder[] {
  const found = new Map<string, Holder>();
  for (const { namespace, name, identity } of known)
    if (identity !== undefined) found.set(`${namespace}/${name}`, { name: `${namespace}/${name}`, namespace, rules: [], identity });
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
