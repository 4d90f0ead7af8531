import type { AuditEvent, AuditLog } from "@plimsoll/cluster";
import { atoms, grants, ruleOf, type Atom, type PolicyRule, type ResourceRequest } from "@plimsoll/permissions";

const methods: Record<string, string> = { get: "GET", list: "GET", watch: "GET", create: "POST", update: "PUT", patch: "PATCH", delete: "DELETE" };

/** What a user asked for, and whether it was refused. */
export interface Asked {
  request: ResourceRequest;
  /** As in `PATCH /api/v1/nodes/a`, less what is never the same twice. */
  line: string;
  refused: boolean;
}

/** The requests of a user since a mark, each line once. */
export async function askedBy(audit: AuditLog, user: string, mark: number): Promise<Asked[]> {
  const found = new Map<string, Asked>();
  for await (const event of audit.since(mark)) {
    if (event.user !== user || event.stage === "RequestReceived") continue;
    const asked = { request: requestOf(event), line: `${methods[event.verb] ?? event.verb} ${constant(event.uri)}`, refused: event.code === 401 || event.code === 403 };
    found.set(`${asked.line} ${asked.refused}`, asked);
  }
  return [...found.values()];
}

/** The shortest of the requests that an atom was needed for: how often a longer one is made depends on what comes first. */
export function exampleOf(atom: Atom, asked: readonly Asked[]): string | undefined {
  const rule = ruleOf(atom);
  return asked.filter(({ request }) => grants([rule], request)).map(({ line }) => line).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}

/** The atoms of rules that none of the requests needed. */
export function idle(rules: readonly PolicyRule[], asked: readonly Asked[]): Atom[] {
  return atoms(rules).filter((atom) => exampleOf(atom, asked) === undefined);
}

function requestOf({ verb, group, resource, subresource, name, namespace }: AuditEvent): ResourceRequest {
  const unnamed = name === "" || (verb === "create" && subresource === "");
  return { verb, group, resource, ...(subresource && { subresource }), ...(unnamed ? {} : { name }), ...(namespace && { namespace }) };
}

/** A URI with dots for versions, uids and random numbers of seconds. */
function constant(uri: string): string {
  return decodeURIComponent(uri)
    .replace(/(resourceVersion|timeoutSeconds)=\d+/g, "$1=…")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "…");
}
