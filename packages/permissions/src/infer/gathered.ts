import { listsByWatch, requestsOf, type AuditEvent } from "./audit.ts";
import { keyOf } from "../key.ts";
import type { Request } from "../request.ts";

/** What events asked for. Each stands beside a key that only its equals have. */
export interface Gathered {
  requests: [key: string, request: Request][];
  /** Lists that a watch stood in for. */
  listed: [key: string, request: Request][];
  /** Keys of the objects that were created by a name of their body. */
  created: string[];
}

/** What an event asked for; undefined when it doesn't count, as `requestsOf` says. */
export function gatheredFrom(event: AuditEvent, user?: string, options: { refused?: boolean } = {}): Gathered | undefined {
  const requests = requestsOf(event, user, options);
  const [asked] = requests;
  if (asked === undefined) return undefined;
  const gathered: Gathered = { requests: requests.map((request) => [requestKey(request), request]), listed: [], created: [] };
  if ("path" in asked) return gathered;
  const { group, resource, subresource, namespace } = asked;
  const list = { ...asked, verb: "list" };
  if (asked.verb === "watch" && listsByWatch(event)) gathered.listed.push([requestKey(list), list]);
  const name = event.objectRef?.name;
  if (asked.verb === "create" && subresource === undefined && asked.name === undefined && name)
    gathered.created.push(keyOf([group, resource, namespace, name]));
  return gathered;
}

function requestKey(request: Request): string {
  return keyOf(
    "path" in request
      ? [request.verb, request.path]
      : [request.verb, request.group, request.resource, request.subresource, request.name, request.namespace],
  );
}
