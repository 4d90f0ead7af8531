import { ConnectionError } from "../errors.ts";
import { KubeconfigError } from "../auth/kubeconfig-error.ts";
import { ProxyError } from "../proxy/proxy-error.ts";

const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** How OpenSSL's and node's codes begin for certificates and keys that they cannot use or don't trust. */
export const certificate = /^(ERR_TLS|ERR_OSSL|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|CERT)_/;

/** What was handed over was wrong, which another attempt does not mend. */
const invalid = /^(ERR_INVALID|UND_ERR_INVALID)_/;

/** Gives what a proxy, undici and node threw over a call a name of ours; other errors pass. */
export function connectionError(error: unknown, call: string, server: string): unknown {
  if (error instanceof ProxyError) {
    const message = `${call}: no way to ${server}: ${error.message}`;
    return error.lasting ? new KubeconfigError(message, error) : new ConnectionError(message, false, error);
  }
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || invalid.test(error.code)) return error;
  const reason = error.message || error.code;
  if (certificate.test(error.code)) {
    return new KubeconfigError(
      `${call}: ${server} and the kubeconfig's certificates do not fit: ${reason}; check certificate-authority, tls-server-name and client-certificate`,
      error,
    );
  }
  return new ConnectionError(`${call}: no answer from ${server}: ${reason}`, !neverSent.has(error.code), error);
}
