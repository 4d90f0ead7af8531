export const servingSigner = "kubernetes.io/kubelet-serving";
export const clientSigner = "kubernetes.io/kube-apiserver-client-kubelet";

/** The signers whose requests are looked at. */
export const signers = [servingSigner, clientSigner] as const;

export type Signer = (typeof signers)[number];

/**
 * The usages that a signer takes, in any order: with "key encipherment", which RSA needs, or without. As in Kubernetes'
 * pkg/apis/certificates/helpers.go, by which kube-controller-manager signs or doesn't.
 */
export function areUsagesOf(signer: Signer, usages: readonly string[]): boolean {
  const needed = ["digital signature", signer === servingSigner ? "server auth" : "client auth"];
  const given = new Set(usages);
  if (given.size !== usages.length || !needed.every((usage) => given.has(usage))) return false;
  return usages.length === 2 || (usages.length === 3 && given.has("key encipherment"));
}

export function isSigner(name: string): name is Signer {
  return (signers as readonly string[]).includes(name);
}
