import { createPublicKey, sign, verify, type KeyLike } from "node:crypto";

/** The Ed25519 signature of an index's bytes, in base64. Throws where the key is no private one. */
export function signIndex(bytes: Uint8Array, privateKey: KeyLike): string {
  return sign(null, bytes, privateKey).toString("base64");
}

/** Whether one of the keys, each in PEM, made the signature. */
export function isSigned(bytes: Uint8Array, signature: string, publicKeys: readonly string[]): boolean {
  const raw = Buffer.from(signature.trim(), "base64");
  return publicKeys.some((key) => verify(null, bytes, createPublicKey(key), raw));
}

/** What is wrong with a public key; undefined: nothing. */
export function keyFault(pem: string): string | undefined {
  // Node would take its public part, and it would lie where many may read it.
  if (pem.includes("PRIVATE KEY"))
    return "is a private key: whoever has read it can sign. Make a new one, and give its public part: `openssl pkey -in KEY -pubout` writes it";
  try {
    const { asymmetricKeyType } = createPublicKey(pem);
    return asymmetricKeyType === "ed25519" ? undefined : `is a key of type ${asymmetricKeyType}: give one of Ed25519`;
  } catch {
    return "is no public key in PEM: `openssl pkey -in KEY -pubout` writes it";
  }
}
