import { keyOf } from "../key.ts";
import type { Request, ResourceRequest } from "../request.ts";

/** How many of a kind a role is held to; more become all. */
export interface Limits {
  /** Names, for a verb on a resource in a namespace. */
  names?: number | undefined;
  /** Namespaces, for a verb on a resource. */
  namespaces?: number | undefined;
}

/** Requests without the names, and then without the namespaces, of which there are more than a limit. */
export function generalised(requests: readonly Request[], { names, namespaces }: Limits): Request[] {
  const unnamed = names === undefined ? requests : without("name", requests, names, ({ namespace }) => [namespace]);
  return namespaces === undefined ? [...unnamed] : without("namespace", unnamed, namespaces, ({ name }) => [name]);
}

function without(
  field: "name" | "namespace",
  requests: readonly Request[],
  limit: number,
  more: (request: ResourceRequest) => (string | undefined)[],
): Request[] {
  const keyFor = (request: ResourceRequest): string =>
    keyOf([request.verb, request.group, request.resource, request.subresource, ...more(request)]);
  const found = new Map<string, Set<string>>();
  for (const request of requests) {
    if ("path" in request || !isGeneral(request)) continue;
    const value = request[field];
    if (value === undefined) continue;
    const key = keyFor(request);
    found.set(key, (found.get(key) ?? new Set()).add(value));
  }
  return requests.map((request) => {
    if ("path" in request || !isGeneral(request) || (found.get(keyFor(request))?.size ?? 0) <= limit) return request;
    const { [field]: _, ...rest } = request;
    return rest;
  });
}

/** Who may be impersonated and which signer is approved is never all that there are; and a Namespace is named twice. */
function isGeneral({ verb, group, resource }: ResourceRequest): boolean {
  return !verb.startsWith("impersonate") && !["approve", "sign", "attest"].includes(verb) && !(group === "" && resource === "namespaces");
}
