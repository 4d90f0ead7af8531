import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { selfSigned } from "./self-signed.ts";
import { serve, type Answer } from "./server.ts";

/** Who asks for a token: an application that trusts the ServiceAccount whose token is shown. */
export interface Federation {
  tenant: string;
  client: string;
  /** The ServiceAccount's token. */
  assertion: string;
  /** What the token is to be for, as in `https://management.azure.com/.default`. */
  scope: string;
}

/**
 * Microsoft Entra's exchange of a ServiceAccount's token for one of its own (client credentials with an assertion), as Azure documents it: a server of ours,
 * as no emulator of others' does it.
 */
export interface Entra {
  port: number;
  /** The certificate to trust. */
  ca: string;
  stop(): Promise<void>;
}

/** `hosts`: the names that it is reached by. It gives this token, for this federation alone. */
export async function startEntra(federation: Federation, token: string, ...hosts: string[]): Promise<Entra> {
  const tls = selfSigned(...hosts);
  const server = await serve(answer, tls);
  return { ...server, ca: tls.cert };

  function answer({ method, url = "/" }: IncomingMessage, body: string): Answer {
    const { pathname } = new URL(url, "https://localhost");
    if (method !== "POST" || pathname !== `/${federation.tenant}/oauth2/v2.0/token`) return fault(404, "invalid_request", "AADSTS90002");
    const asked = new URLSearchParams(body);
    if (asked.get("grant_type") !== "client_credentials") return fault(400, "unsupported_grant_type", "AADSTS70003");
    if (asked.get("client_id") !== federation.client) return fault(400, "unauthorized_client", "AADSTS700016");
    if (
      asked.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" ||
      asked.get("client_assertion") !== federation.assertion
    )
      return fault(401, "invalid_client", "AADSTS700213: No matching federated identity record found for presented assertion subject.");
    if (asked.get("scope") !== federation.scope) return fault(400, "invalid_scope", "AADSTS70011");
    return { status: 200, body: { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: token } };
  }
}

function fault(status: number, error: string, description: string): Answer {
  const [trace, correlation, timestamp] = [randomUUID(), randomUUID(), new Date().toISOString()];
  return {
    status,
    body: {
      error,
      error_description: `${description} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [Number(/\d+/.exec(description)?.[0])],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
    },
  };
}
