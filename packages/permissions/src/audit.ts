import type { Request, ResourceRequest } from "./request.ts";

/** The parts of an audit.k8s.io/v1 Event that tell what was asked; a caller parses the line. */
export interface AuditEvent {
  auditID: string;
  stage: string;
  verb: string;
  /** Path with query. */
  requestURI: string;
  user?: AuditUser;
  impersonatedUser?: AuditUser;
  objectRef?: { apiGroup?: string; resource?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
  annotations?: Record<string, string>;
}

export interface AuditUser {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

/**
 * What a user was allowed in an event, with the second checks behind it; nothing when the event doesn't count.
 * RequestReceived comes before authorization. A watch that never completes has its ResponseStarted, so that counts, and whoever adds up
 * requests must drop the ResponseComplete of the same audit ID. Refused requests don't count, whether the refusal is told by the
 * authorizer's annotation or, where a policy left that out, by the code 401 or 403.
 * `user` is the one who authenticated, or the one impersonated: the impersonator is charged with `impersonate`, the other with the request.
 */
export function requestsOf(event: AuditEvent, user?: string): Request[] {
  if (event.stage === "RequestReceived") return [];
  const decision = event.annotations?.["authorization.k8s.io/decision"];
  const code = event.responseStatus?.code;
  if (decision === undefined ? code === 401 || code === 403 : decision !== "allow") return [];

  const found: Request[] = [];
  const other = event.impersonatedUser;
  if (other === undefined || user === undefined || user === other.username) found.push(...askedFor(event));
  if (other !== undefined && (user === undefined || user === event.user?.username)) found.push(...impersonations(other));
  return other === undefined && user !== undefined && user !== event.user?.username ? [] : found;
}

function askedFor(event: AuditEvent): Request[] {
  const { objectRef: ref, verb } = event;
  if (ref?.resource === undefined) return [{ verb, path: event.requestURI.replace(/\?.*$/s, "") }];
  // The server fills the name of a created object in from its body, after authorization; only a subresource's parent is in the path.
  const unnamed = verb === "deletecollection" || (verb === "create" && !ref.subresource);
  const request: ResourceRequest = {
    verb,
    group: ref.apiGroup ?? "",
    resource: ref.resource,
    ...(ref.subresource && { subresource: ref.subresource }),
    ...(ref.name && !unnamed && { name: ref.name }),
    ...(ref.namespace && { namespace: ref.namespace }),
  };
  // 201 to an update or an apply: the object was not there, and `create` was asked for too, with its name (apiserver's withAuthorization).
  const created = event.responseStatus?.code === 201 && (verb === "update" || verb === "patch");
  return created ? [request, { ...request, verb: "create" }] : [request];
}

/** k8s.io/apiserver pkg/endpoints/filters/impersonation: one check for the user, each group, the uid and each value of extra. */
function impersonations(other: AuditUser): Request[] {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(other.username ?? "") ?? [];
  const ask = (group: string, resource: string, name: string): ResourceRequest => ({ verb: "impersonate", group, resource, name });
  const account = namespace === undefined || name === undefined ? undefined : { ...ask("", "serviceaccounts", name), namespace };
  const own = (group: string): boolean => group === "system:authenticated" || (account !== undefined && (group === "system:serviceaccounts" || group === `system:serviceaccounts:${namespace}`));
  return [
    account ?? ask("", "users", other.username ?? ""),
    // The server adds these by itself and then checks nothing.
    ...(other.groups ?? []).filter((group) => !own(group)).map((group) => ask("", "groups", group)),
    ...(other.uid ? [ask("authentication.k8s.io", "uids", other.uid)] : []),
    ...Object.entries(other.extra ?? {}).flatMap(([key, values]) => values.map((value) => ({ ...ask("authentication.k8s.io", "userextras", value), subresource: key }))),
  ];
}
