import { createSecureContext } from "node:tls";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { messageOf } from "../message.ts";

/** Throws a KubeconfigError unless a client's certificate and key belong together, as they may not while they are rotated. */
export function checkKeyPair(cert: string | Buffer | undefined, key: string | Buffer | undefined): void {
  if (cert === undefined && key === undefined) return;
  if (cert === undefined || key === undefined)
    throw new KubeconfigError(
      `a client certificate needs its key, and a key its certificate: the ${cert === undefined ? "certificate" : "key"} is missing`,
    );
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new KubeconfigError(`the client certificate and its key cannot be used: ${messageOf(error)}`);
  }
}
