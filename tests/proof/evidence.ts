import type { AuditLog } from "@plimsoll/cluster";
import { atoms, grants, requestsOf, ruleOf, type Atom, type AuditEvent, type PolicyRule, type Request } from "@plimsoll/permissions";
import { eventsOf } from "@plimsoll/permissions/audit-log";

const decision = "authorization.k8s.io/decision";
const methods: Record<string, string> = {
  get: "GET",
  list: "GET",
  watch: "GET",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
};

/** What a user asked for, and whether the authorizer refused it. */
export interface Asked {
  /** With the checks behind it: an apply that created was asked for both. */
  requests: Request[];
  /** As in `PATCH /api/v1/nodes/a`, less what is never the same twice. */
  line: string;
  refused: boolean;
}

/** What a user asked for since a mark, each line once. */
export async function askedBy(audit: AuditLog, user: string, mark: number): Promise<Asked[]> {
  const found = new Map<string, Asked>();
  for await (const line of audit.lines(mark)) {
    if (!line.includes(`"${user}"`)) continue;
    for (const event of eventsOf(line) ?? []) {
      const asked = askedIn(event, user);
      if (asked.requests.length > 0) found.set(`${asked.line} ${asked.refused}`, asked);
    }
  }
  return [...found.values()];
}

function askedIn(event: AuditEvent & { requestObject?: unknown }, user: string): Asked {
  const isCreationRefused = isApplyRefusedAsCreation(event);
  const refused = event.annotations?.[decision] === "forbid" || isApprovalRefused(event) || isCreationRefused;
  // Of what was refused, the library gives nothing: here it is wanted as if it had been allowed.
  const asAllowed = { annotations: { ...event.annotations, [decision]: "allow" }, responseObject: event.requestObject };
  // What an apply that creates is asked for beside `patch`, only its code tells.
  const asCreated = isCreationRefused ? { responseStatus: { ...event.responseStatus, code: 201 } } : {};
  const requests = requestsOf(refused ? { ...event, ...asAllowed, ...asCreated } : event, user);
  return { requests, line: `${methods[event.verb] ?? event.verb} ${constant(event.requestURI)}`, refused };
}

/** Whether the approval was allowed, and then refused for want of `approve` on the signer: that check is admission's. */
function isApprovalRefused({ objectRef, responseStatus }: AuditEvent): boolean {
  return objectRef?.resource === "certificatesigningrequests" && objectRef.subresource === "approval" && responseStatus?.code === 403;
}

/** Whether the apply was allowed, and then refused for want of `create`, as there was no such object: that check is the handler's. */
function isApplyRefusedAsCreation({ verb, requestURI, responseStatus, annotations }: AuditEvent): boolean {
  return verb === "patch" && requestURI.includes("fieldManager=") && responseStatus?.code === 403 && annotations?.[decision] === "allow";
}

/** The shortest of the requests that an atom was needed for: how often a longer one is made depends on what comes first. */
export function exampleOf(atom: Atom, asked: readonly Asked[]): string | undefined {
  return asked
    .filter((one) => needs(one, atom))
    .map(({ line }) => line)
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}

/** Whether an atom grants one of the requests. */
export function needs({ requests }: Asked, atom: Atom): boolean {
  const rule = ruleOf(atom);
  return requests.some((request) => grants([rule], request) !== undefined);
}

/** The atoms of rules that none of the requests needed. */
export function idle(rules: readonly PolicyRule[], asked: readonly Asked[]): Atom[] {
  return atoms(rules).filter((atom) => exampleOf(atom, asked) === undefined);
}

/** A URI with dots for versions, uids, random numbers of seconds, and what makes the names of events, of schedules' runs, of nodes of a test's own, and of pods theirs. */
function constant(uri: string): string {
  return decodeURIComponent(uri)
    .replace(/(resourceVersion|timeoutSeconds)=\d+/g, "$1=…")
    .replace(/(\/events\/[^/?]+\.)[0-9a-f]{12,}/g, "$1…")
    .replace(/(\/pipelineruns\/[^/?]+-)\d{12,14}/g, "$1…")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "…")
    .replace(/(\/pool-)[0-9a-f]{8}(-\d+)?/, "$1…")
    .replace(/(\/(?:replicasets|pods)\/[a-z]+-)[0-9a-z]{6,10}(-[0-9a-z]{5})?(?=[/?]|$)/, "$1…");
}
