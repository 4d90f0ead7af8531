import type { IncomingMessage } from "node:http";
import { serve, type Answer } from "./server.ts";

/**
 * Compute Engine's `instances.get`, and the metadata server that gives tokens, as Google documents them: a server of ours, as there is no emulator
 * of others' that can be installed from a package registry and answers as Compute Engine does.
 */
export interface ComputeEngine {
  endpoint: string;
  /** Where tokens are: the value for GCE_METADATA_HOST. */
  metadataHost: string;
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
  const engine: ComputeEngine = { endpoint: `http://${host}`, metadataHost: host, instances, asked, instead: undefined, stop: server.stop };
  return engine;

  function answer({ url = "/", headers }: IncomingMessage): Answer {
    const { pathname } = new URL(url, "http://localhost");
    if (pathname.startsWith("/computeMetadata/")) return metadata(pathname);
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

function metadata(path: string): Answer {
  const headers = { "metadata-flavor": "Google" };
  if (path.endsWith("/token")) return { status: 200, body: { access_token: token, expires_in: 3600, token_type: "Bearer" }, headers };
  return { status: 200, body: {}, headers };
}
