import type { IncomingMessage } from "node:http";
import { serve, type Answer } from "./server.ts";

/**
 * Compute Engine's `instances.get`, and the two that give tokens, as Google documents them: GKE's metadata server, and the Security Token Service, which
 * exchanges a ServiceAccount's of any cluster. A server of ours, as there is no emulator of others' that can be installed from a package registry and answers
 * as Compute Engine does.
 */
export interface ComputeEngine {
  endpoint: string;
  /** Where tokens are: the value for GCE_METADATA_HOST. */
  metadataHost: string;
  /** The audience of ServiceAccounts' tokens that are exchanged at `/v1/token`, and the one that is. */
  federation: { audience: string; assertion: string };
  /** `europe-west1-b/NAME` → its status, as in `RUNNING`. */
  instances: Map<string, string>;
  /** What was asked for, as in `/compute/v1/projects/…`. */
  asked: string[];
  /** What is answered instead, if it gives anything. Reset to undefined for the usual. */
  instead: ((path: string) => Answer | "nothing") | undefined;
  stop(): Promise<void>;
}

const token = "a-token";

export async function startComputeEngine(project: string): Promise<ComputeEngine> {
  const instances = new Map<string, string>();
  const asked: string[] = [];
  const server = await serve(answer);
  const host = `127.0.0.1:${server.port}`;
  const federation = {
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/c",
    assertion: "a.token",
  };
  const engine: ComputeEngine = {
    endpoint: `http://${host}`,
    metadataHost: host,
    federation,
    instances,
    asked,
    instead: undefined,
    stop: server.stop,
  };
  return engine;

  function answer({ url = "/", headers }: IncomingMessage, body: string): Answer {
    const { pathname } = new URL(url, "http://localhost");
    if (pathname.startsWith("/computeMetadata/")) return metadata(pathname, headers["metadata-flavor"]);
    if (pathname === "/v1/token") return exchange(new URLSearchParams(body), federation);
    asked.push(pathname);
    const other = engine.instead?.(pathname);
    if (other !== undefined) return other === "nothing" ? undefined : other;
    if (headers.authorization !== `Bearer ${token}`) return fault(401, "Request had invalid authentication credentials.", "authError");
    const [, itsProject = "", zone = "", name = ""] =
      /^\/compute\/v1\/projects\/([^/]+)\/zones\/([^/]+)\/instances\/([^/]+)$/.exec(pathname) ?? [];
    const status = instances.get(`${zone}/${name}`);
    if (itsProject === project && status !== undefined) return { status: 200, body: { name, status } };
    return notFound(`projects/${itsProject}/zones/${zone}/instances/${name}`);
  }
}

/** As Google's APIs answer of what isn't there. */
export function notFound(resource: string): Answer {
  return fault(404, `The resource '${resource}' was not found`, "notFound");
}

export function fault(code: number, message: string, reason: string): Answer {
  return { status: code, body: { error: { code, message, errors: [{ message, domain: "global", reason }] } } };
}

function metadata(path: string, flavor: unknown): Answer {
  if (flavor !== "Google") return { status: 403, body: "<html>Missing Metadata-Flavor:Google header.</html>" };
  const headers = { "metadata-flavor": "Google" };
  if (path === "/computeMetadata/v1/instance/service-accounts/default/token")
    return { status: 200, body: { access_token: token, expires_in: 3600, token_type: "Bearer" }, headers };
  // That it is there at all is asked first.
  return path === "/computeMetadata/v1/instance"
    ? { status: 200, body: {}, headers }
    : { status: 404, body: "<html>Not Found</html>", headers };
}

/** RFC 8693. */
function exchange(asked: URLSearchParams, { audience, assertion }: ComputeEngine["federation"]): Answer {
  const expected = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    audience,
    scope: "https://www.googleapis.com/auth/compute.readonly",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    subject_token: assertion,
  };
  const wrong = Object.entries(expected).find(([field, value]) => asked.get(field) !== value)?.[0];
  if (wrong !== undefined) return { status: 400, body: { error: "invalid_grant", error_description: `The ${wrong} is not valid.` } };
  return {
    status: 200,
    body: { access_token: token, expires_in: 3600, token_type: "Bearer", issued_token_type: expected.requested_token_type },
  };
}
