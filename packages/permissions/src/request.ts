/** A request for objects, as the authorizer sees it. */
export interface ResourceRequest {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  /** Missing for a collection, and for most creations. */
  name?: string;
  /** Missing for cluster-scoped resources and for requests across all namespaces. */
  namespace?: string;
}

/** A request for a path that isn't a resource; the verb is the HTTP method in lower case. */
export interface PathRequest {
  verb: string;
  path: string;
}

export type Request = ResourceRequest | PathRequest;

const verbs: Record<string, string> = { POST: "create", GET: "get", HEAD: "get", PUT: "update", PATCH: "patch", DELETE: "delete" };

/**
 * What the API server's authorizer is asked for an HTTP request: `target` is its path with the query.
 * Follows k8s.io/apiserver's RequestInfoFactory: the deprecated /watch/ prefix, `?watch=true`, a `metadata.name` field selector
 * as a name, and collections turn `get` into `list` or `watch`, `delete` into `deletecollection`.
 */
export function requestOf(method: string, target: string): Request {
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  const query = new URLSearchParams(question < 0 ? "" : target.slice(question + 1));
  const parts = path.split("/").filter(Boolean);

  const core = parts[0] === "api" && parts.length >= 3;
  const grouped = parts[0] === "apis" && parts.length >= 4;
  if (!core && !grouped) return { verb: method.toLowerCase(), path };

  const group = core ? "" : decode(parts[1]);
  let rest = parts.slice(core ? 2 : 3).map(decode);
  let verb = verbs[method.toUpperCase()] ?? "";
  if (rest[0] === "proxy" || rest[0] === "watch") {
    if (rest.length < 2) return { verb: method.toLowerCase(), path };
    verb = rest[0];
    rest = rest.slice(1);
  }

  let namespace: string | undefined;
  if (rest[0] === "namespaces") {
    const within = rest.length > 2 && rest[2] !== "status" && rest[2] !== "finalize";
    namespace = rest[1];
    if (within) rest = rest.slice(2);
  }
  const [resource = "", named, subresource] = rest;
  let name = named;

  if (name === undefined && verb === "get") {
    name = nameSelected(query.get("fieldSelector"));
    verb = isTrue(query.get("watch")) ? "watch" : "list";
  } else if (name === undefined && verb === "delete") {
    verb = "deletecollection";
  }
  return {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** The one name that a field selector asks for, if it does. */
function nameSelected(selector: string | null): string | undefined {
  for (const term of selector?.split(",") ?? []) {
    const [, name] = /^metadata\.name==?([^=!]+)$/.exec(term.trim()) ?? [];
    if (name !== undefined) return name;
  }
  return undefined;
}

function isTrue(value: string | null): boolean {
  return value !== null && !["false", "0"].includes(value.toLowerCase());
}

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
}
