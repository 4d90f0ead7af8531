import type { HelmVersion } from "@plimsoll/cluster";
import { infer, Inference, secondChecks, type InferredRoles, type PolicyRule, type Request } from "@plimsoll/permissions";
import { eventsOf } from "@plimsoll/permissions/audit-log";
import type { HelmRights } from "../../scripts/helm-rights.ts";
import { ask, auditLog, auditOf } from "../support/raw-request.ts";
import { release } from "./operations.ts";

/** What stands for the release's namespace in what is written down. */
const anyNamespace = "NAMESPACE";

/** What was done as a user after a mark: the requests, and those of them that were refused, by whatever part of the server. */
export async function requestsBy(user: string, mark: number): Promise<{ asked: Request[]; refused: Request[] }> {
  // The log is in order: with this request all of the user's are in it.
  await auditOf([await ask("GET", "/version")], mark);
  const [asked, refused] = [new Inference(), new Inference()];
  for await (const line of auditLog.lines(mark)) {
    if (!line.includes(`"${user}"`)) continue;
    for (const event of eventsOf(line) ?? []) {
      const allowed = { ...event, annotations: { ...event.annotations, "authorization.k8s.io/decision": "allow" } };
      asked.add(allowed, user);
      if (event.responseStatus?.code === 403) refused.add(allowed, user);
    }
  }
  return { asked: asked.requests, refused: refused.requests };
}

/** The second checks on what was refused, as RBAC asks for them: those on bindings by the name of the role that is bound. */
export function behind(refused: readonly Request[], namespace: string): Request[] {
  return refused
    .flatMap(secondChecks)
    .map(({ request }) => request)
    .filter(({ verb }) => verb === "escalate" || verb === "bind")
    .filter((check) => check.verb !== "bind" || (check.resource === "roles") === (check.namespace !== undefined))
    .map((check) => (check.verb === "bind" ? { ...check, name: check.resource === "roles" ? release : `${namespace}-${release}` } : check));
}

/**
 * Less what is never the same twice: revisions, the namespace where it is part of a name, the order, and in which groups the client
 * looks for kinds once more, as it does from time to time while it waits.
 */
export function constant(requests: readonly Request[], namespace: string): Request[] {
  const lookedUp = requests.filter((request) => !("path" in request && /^\/apis?\//.test(request.path)));
  const same = lookedUp.map((request) => {
    if ("path" in request) return request;
    const name = request.name?.replace(/^(sh\.helm\.release\.v1\..+\.v)\d+$/, "$1N").replaceAll(namespace, anyNamespace);
    return {
      ...request,
      ...(name !== undefined && { name }),
      ...(request.namespace !== undefined && { namespace: anyNamespace }),
    };
  });
  return same.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** As Role and ClusterRole, in an order that is always the same. */
export function rolesFor(requests: readonly Request[]): Pick<HelmRights, "role" | "clusterRole"> {
  const { cluster, namespaces }: InferredRoles = infer(requests);
  return { role: namespaces.get(anyNamespace) ?? [], clusterRole: cluster };
}

/** The rules of a row as they are bound: no role can know a revision beforehand, so the release's Secrets are granted under every name. */
export function bindable(rules: readonly PolicyRule[], namespace: string): PolicyRule[] {
  return rules.flatMap(({ resourceNames = [], ...rule }) => {
    const names = resourceNames.map((name) => name.replace(anyNamespace, namespace));
    const [revisions, others] = [names.filter((name) => name.endsWith(".vN")), names.filter((name) => !name.endsWith(".vN"))];
    return [
      ...(revisions.length > 0 || names.length === 0 ? [rule] : []),
      ...(others.length > 0 ? [{ ...rule, resourceNames: others }] : []),
    ];
  });
}

/** Which Helm works on a release of which Helm. */
export const pairs: readonly { helm: HelmVersion; installedBy: HelmVersion }[] = [
  { helm: 3, installedBy: 3 },
  { helm: 4, installedBy: 4 },
  { helm: 4, installedBy: 3 },
];

/** As JSON, with what has no parts of its own on one line. */
export function written(rows: readonly HelmRights[]): string {
  const parts = /[[{]\s+("[^[\]{}]*?)\s+[\]}]/g;
  const joined = (text: string): string => text.replaceAll(/\s*\n\s+/g, " ");
  const text = JSON.stringify(rows, null, 2).replaceAll(parts, joined);
  return `${text.replaceAll(/\{ ?\n\s+"verbs": \[[^{}]*?\n\s+\}/g, joined)}\n`;
}
