import { FaultError } from "../decide/fault.ts";

const form = /^-----BEGIN CERTIFICATE REQUEST-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE REQUEST-----[\r\n]*$/;

/**
 * The bytes of a PEM text with one certificate request and nothing beside it (RFC 7468, 3: no headers, no text around). The API server
 * takes the first block that it finds, and leaves the rest unread. Throws a FaultError for everything else.
 */
export function bytesOfPem(text: string): Uint8Array {
  const base64 = form.exec(text)?.[1]?.replace(/[\r\n]/g, "");
  if (base64 === undefined)
    throw new FaultError("Encoding", "spec.request is not one PEM block CERTIFICATE REQUEST with nothing beside it");
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) throw new FaultError("Encoding", "spec.request has a PEM block that is not base64");
  return bytes;
}
