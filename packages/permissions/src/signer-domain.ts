import type { Request } from "./request.ts";

/** Who asks this way about signers: Kubernetes (pkg/certauthorization), and cert-manager's admission of approvals. */
const asked: Readonly<Record<string, readonly string[]>> = {
  "certificates.k8s.io": ["approve", "sign", "attest"],
  "cert-manager.io": ["approve"],
};

/**
 * What an authorizer is asked, too, where somebody may not approve, sign or attest for a signer by its name: the same for all signers of its
 * domain, with the name `example.com/*`. Undefined for other requests.
 */
export function signerDomain(request: Request): Request | undefined {
  if ("path" in request || request.resource !== "signers" || request.subresource !== undefined) return undefined;
  const { verb, group, name = "" } = request;
  const slash = name.indexOf("/");
  if (slash < 0 || !Object.hasOwn(asked, group) || !asked[group]?.includes(verb)) return undefined;
  const domain = `${name.slice(0, slash)}/*`;
  return domain === name ? undefined : { ...request, name: domain };
}
