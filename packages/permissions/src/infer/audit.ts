import { decode, requestOf, type Request, type ResourceRequest } from "../request.ts";
import { opensStream, secondChecks } from "../second-checks.ts";

/** The parts of an audit.k8s.io/v1 Event that tell what was asked; a caller parses the line. */
export interface AuditEvent {
  auditID: string;
  stage: string;
  verb: string;
  /** Path with query. */
  requestURI: string;
  user?: AuditUser;
  impersonatedUser?: AuditUser;
  authenticationMetadata?: { impersonationConstraint?: string };
  objectRef?: { apiGroup?: string; resource?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
  /** What was answered, where the policy has it logged (`RequestResponse`). */
  responseObject?: unknown;
  annotations?: Record<string, string>;
}

/** What filters before the authorizer answer, and it itself when it fails: a bad deadline, no user, refused, too busy, a fault. */
const unauthorized = new Set([400, 401, 403, 429, 500, 503, 504]);

/** Who sent a request, as an audit event tells it. */
export interface AuditUser {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

/**
 * What a user was allowed in an event, with the second checks behind it; nothing when the event doesn't count.
 * RequestReceived comes before authorization. A watch that never completes has its ResponseStarted, so that counts, and whoever adds up
 * requests must count the ResponseComplete of the same audit ID no second time. Refused requests don't count, whether the refusal is told
 * by the authorizer's annotation or, where that is missing, by a code that is given to requests before they are authorized. With `refused`, what
 * the authorizer refused counts instead.
 * `user` is the one who authenticated, or the one impersonated: the impersonator is charged with `impersonate`, the other with the request.
 */
export function requestsOf(event: AuditEvent, user?: string, { refused = false } = {}): Request[] {
  if (event.stage === "RequestReceived") return [];
  if (!(refused ? isRefused(event) : isAllowed(event))) return [];

  const found: Request[] = [];
  const other = event.impersonatedUser;
  if (other === undefined || user === undefined || user === other.username) found.push(...askedFor(event));
  if (other !== undefined && (user === undefined || user === event.user?.username)) found.push(...impersonations(event, other));
  return other === undefined && user !== undefined && user !== event.user?.username ? [] : found;
}

function isRefused(event: AuditEvent): boolean {
  const decision = decisionIn(event);
  return decision === undefined ? event.responseStatus?.code === 403 : decision === "forbid";
}

function isAllowed(event: AuditEvent): boolean {
  const decision = decisionIn(event);
  return decision === undefined ? !unauthorized.has(event.responseStatus?.code ?? 0) : decision === "allow";
}

/** The authorizer's: "allow" or "forbid". */
function decisionIn({ annotations }: AuditEvent): string | undefined {
  return annotations?.["authorization.k8s.io/decision"];
}

function askedFor(event: AuditEvent): Request[] {
  const { objectRef: ref, verb } = event;
  if (ref?.resource === undefined) return [{ verb, path: decode(event.requestURI.replace(/\?.*$/s, "")) }];
  const { name, namespace } = placeOf(event);
  const request: ResourceRequest = {
    verb,
    group: ref.apiGroup ?? "",
    resource: ref.resource,
    ...(ref.subresource && { subresource: ref.subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
  };
  // 201 to an update or an apply: the object was not there, and `create` was asked for too, with its name (apiserver's withAuthorization).
  const code = event.responseStatus?.code;
  const created = code === 201 && (verb === "update" || verb === "patch");
  // A stream that is opened by GET, as WebSockets are, needs `create` as well, from 1.35; 403 tells that it wasn't held.
  const streamed = code !== 403 && opensStream(request);
  return [request, ...(created || streamed ? [{ ...request, verb: "create" }] : []), ...approvalBehind(event, request)];
}

/** Behind an approval, `approve` on the signer is asked for: its name is in the request that was approved, where that is logged. */
function approvalBehind({ responseObject }: AuditEvent, request: ResourceRequest): ResourceRequest[] {
  const { group, resource, subresource } = request;
  if (group !== "certificates.k8s.io" || resource !== "certificatesigningrequests" || subresource !== "approval") return [];
  const name = textAt(responseObject, "spec", "signerName");
  return name === undefined ? [] : secondChecks(request).map(({ request }) => ({ ...request, name }));
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  for (const key of path) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof value === "string" ? value : undefined;
}

/**
 * A watch that begins with what is there, in place of a list (KEP-3157), or may do so, where a log has no queries. A server without it, and one that is
 * too busy, wants the list.
 */
export function listsByWatch({ verb, requestURI }: Pick<AuditEvent, "verb" | "requestURI">): boolean {
  return verb === "watch" && (!showsWatch(requestURI) || /[?&]sendInitialEvents=true(&|$)/.test(requestURI));
}

/** Whether a path with a query shows what is asked of a watch: each has it in the query, or of old in the path. */
export function showsWatch(requestURI: string): boolean {
  return requestURI.includes("watch=") || requestURI.includes("/watch/");
}

/**
 * After authorization the server fills in from the body what the path lacks (k8s.io/apiserver pkg/audit, LogRequestObject): the name of a
 * created object, and the namespace that a manifest may give even where the kind has none. What was asked for is in the path.
 */
function placeOf({ verb, requestURI, objectRef: { subresource, name, namespace } = {} }: AuditEvent): {
  name?: string | undefined;
  namespace?: string | undefined;
} {
  const asked = verb === "create" || verb === "update" || verb === "patch" ? requestOf("POST", requestURI) : undefined;
  if (asked !== undefined && !("path" in asked)) return asked;
  return { namespace, name: verb === "create" && !subresource ? undefined : name };
}

/**
 * k8s.io/apiserver pkg/endpoints/filters/impersonation: one check for the user, each group, the uid and each value of extra.
 * Constrained impersonation (KEP-5284, on by default from 1.36) has verbs of its own, which the event names, and one more check: on what
 * the request is about. There only users other than nodes and ServiceAccounts can be given groups, a uid or extra.
 */
function impersonations(event: AuditEvent, other: AuditUser): Request[] {
  const { username = "", groups = [], uid, extra = {} } = other;
  const verb = event.authenticationMetadata?.impersonationConstraint ?? "impersonate";
  const mode = verb.split(":")[1];
  const ask = (group: string, resource: string, name: string): ResourceRequest => ({ verb, group, resource, name });
  const identity = mode === undefined ? "" : "authentication.k8s.io";
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
  const isNode = mode === "arbitrary-node" || mode === "associated-node";
  // The server adds these by itself and then checks nothing; those of a ServiceAccount only when no group was asked for.
  const own = new Set([username === "system:anonymous" ? "system:unauthenticated" : "system:authenticated"]);
  const ofAccounts = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  if (namespace !== undefined && groups.every((group) => own.has(group) || ofAccounts.includes(group)))
    for (const group of ofAccounts) own.add(group);
  if (isNode) own.add("system:nodes");
  const user = (): ResourceRequest => {
    if (namespace !== undefined && account !== undefined) return { ...ask(identity, "serviceaccounts", account), namespace };
    if (isNode) return ask(identity, "nodes", mode === "associated-node" ? "*" : username.replace("system:node:", ""));
    return ask(identity, "users", username);
  };
  return [
    ...(mode === undefined
      ? []
      : askedFor(event)
          .slice(0, 1)
          .map((request) => ({ ...request, verb: `impersonate-on:${mode}:${request.verb}` }))),
    user(),
    ...groups.filter((group) => !own.has(group)).map((group) => ask(identity, "groups", group)),
    ...(uid ? [ask("authentication.k8s.io", "uids", uid)] : []),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => ({ ...ask("authentication.k8s.io", "userextras", value), subresource: key })),
    ),
  ];
}
