import type { Stored } from "@plimsoll/kube";
import type { CertificateSigningRequest } from "kubernetes-types/certificates/v1.d.ts";
import type { Fault } from "../decide/fault.ts";
import type { CertificateRequest } from "../pkcs10/read.ts";

/**
 * The request with one condition more, and all else as it was: what the approval subresource would also let change, as labels and finalizers,
 * is sent back unchanged. Its resourceVersion is in it, so that what was decided on is what is approved, and only once.
 */
function decided(
  object: Stored<CertificateSigningRequest>,
  type: "Approved" | "Denied",
  { reason, message }: { reason: string; message: string },
  now: number,
) {
  const at = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const condition = { type, status: "True", reason, message, lastUpdateTime: at, lastTransitionTime: at };
  return { ...object, status: { ...object.status, conditions: [...(object.status?.conditions ?? []), condition] } };
}

export function approved(object: Stored<CertificateSigningRequest>, { commonName, dnsNames, addresses }: CertificateRequest, now: number) {
  const names = [...dnsNames, ...addresses].join(", ");
  const message = `Plimsoll has checked it: ${commonName}${names === "" ? "" : ` with ${names}`} may have this certificate`;
  return decided(object, "Approved", { reason: "PlimsollApproved", message }, now);
}

export function denied(object: Stored<CertificateSigningRequest>, { code, note }: Fault, now: number) {
  return decided(object, "Denied", { reason: `Plimsoll${code}`, message: note }, now);
}
