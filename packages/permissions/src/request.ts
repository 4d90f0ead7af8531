import { nameSelected } from "./field-selector.ts";

/** A request for objects, as the authorizer sees it. */
export interface ResourceRequest {
  verb: string;
  /** Empty for the core group. */
  group: string;
  resource: string;
  subresource?: string;
  /** Missing for a collection, and for creations other than on a named object's subresource. */
  name?: string;
  /** Missing for cluster-scoped resources and for requests across all namespaces. A Namespace itself is "in" itself. */
  namespace?: string;
}

/** A request for a path that isn't a resource; the verb is the HTTP method in lower case. */
export interface PathRequest {
  verb: string;
  path: string;
}

/** What an authorizer is asked about. */
export type Request = ResourceRequest | PathRequest;

/** Undefined for a path, for what is in no namespace, and for what is asked across all of them. */
export function namespaceOf(request: Request): string | undefined {
  return "path" in request ? undefined : request.namespace;
}

const verbs: Record<string, string> = { POST: "create", GET: "get", HEAD: "get", PUT: "update", PATCH: "patch", DELETE: "delete" };

/**
 * What the API server's authorizer is asked for an HTTP request: `target` is its path with the query.
 * Follows RequestInfoFactory (k8s.io/apiserver pkg/endpoints/request/requestinfo.go): the deprecated /watch/ and /proxy/ prefixes
 * are verbs, `?watch=` is true unless it says false or 0, a `metadata.name` field selector names the object (unless a number beside it
 * is none), a collection turns `get` into `list` or `watch` and `delete` into `deletecollection`, and `status` and `finalize` belong to
 * a Namespace itself. Label selectors are taken to be well-formed: beside one that isn't, the server drops the name as well.
 * A path that the server refuses before it authorises (`/api/v1/watch`) comes back as a request for that path.
 */
export function requestOf(method: string, target: string): Request {
  const question = target.indexOf("?");
  // The server splits the decoded path, so an encoded slash separates like a plain one.
  const path = decode(question < 0 ? target : target.slice(0, question));
  const parts = path.replace(/^\/+|\/+$/g, "").split("/");
  const start = parts[0] === "api" ? 2 : 3;
  if ((parts[0] !== "api" && parts[0] !== "apis") || parts.length <= start) return { verb: method.toLowerCase(), path };

  const group = start === 2 ? "" : (parts[1] ?? "");
  let rest = parts.slice(start);
  let verb = verbs[method.toUpperCase()] ?? "";
  if (rest[0] === "proxy" || rest[0] === "watch") {
    if (rest.length < 2) return { verb: method.toLowerCase(), path };
    verb = rest[0];
    rest = rest.slice(1);
  }

  let namespace = "";
  if (rest[0] === "namespaces" && rest[1] !== undefined) {
    namespace = rest[1];
    if (rest[2] !== undefined && rest[2] !== "status" && rest[2] !== "finalize") rest = rest.slice(2);
  }

  const [resource = "", inPath = ""] = rest;
  const subresource = verb === "proxy" ? "" : (rest[2] ?? "");
  let name = inPath;
  if (name === "" && verb === "get") {
    const query = queryOf(question < 0 ? "" : target.slice(question + 1));
    verb = isTrue(query.get("watch")) ? "watch" : "list";
    name = ["limit", "timeoutSeconds"].every((key) => isInteger(query.get(key))) ? nameSelected(query.get("fieldSelector") ?? "") : "";
  } else if (name === "" && verb === "delete") {
    verb = "deletecollection";
  }
  return { verb, group, resource, ...(subresource && { subresource }), ...(name && { name }), ...(namespace && { namespace }) };
}

/** As Go's net/url reads it: a part with a semicolon or a broken escape is left out. */
function queryOf(text: string): URLSearchParams {
  return new URLSearchParams(
    text
      .split("&")
      .filter((part) => !/;|%(?![0-9a-f]{2})/i.test(part))
      .join("&"),
  );
}

/** Whether a parameter is missing or a 64-bit integer, as Go's strconv.ParseInt wants it. */
function isInteger(value: string | null): boolean {
  if (value === null) return true;
  const integer = /^[-+]?\d+$/.test(value) ? BigInt(value.replace("+", "")) : undefined;
  return integer !== undefined && BigInt.asIntN(64, integer) === integer;
}

/** k8s.io/apimachinery Convert_Slice_string_To_bool. */
function isTrue(value: string | null): boolean {
  return value !== null && !["false", "0"].includes(value.toLowerCase());
}

/** The path as the authorizer has it: bytes that aren't UTF-8 become U+FFFD. As it is where an escape is broken, which the server refuses. */
export function decode(path: string): string {
  if (!path.includes("%") || /%(?![0-9a-f]{2})/i.test(path)) return path;
  const bytes = new TextEncoder().encode(path);
  const decoded: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const escaped = bytes[at] === percent;
    decoded.push(escaped ? Number.parseInt(String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0), 16) : (bytes[at] ?? 0));
    if (escaped) at += 2;
  }
  return new TextDecoder().decode(Uint8Array.from(decoded));
}

const percent = 0x25;
