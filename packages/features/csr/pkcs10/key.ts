import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { FaultError } from "../decide/fault.ts";

const curves: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

const smallest = 2_048;
/** What is larger only keeps whoever verifies it busy. */
const largest = 8_192;

/** By the object identifier of the algorithm: with which kind of key it signs. Nothing with SHA-1 or MD5. */
const signatures: Record<string, "ec" | "rsa" | "ed25519"> = {
  "1.2.840.10045.4.3.2": "ec",
  "1.2.840.10045.4.3.3": "ec",
  "1.2.840.10045.4.3.4": "ec",
  "1.2.840.113549.1.1.11": "rsa",
  "1.2.840.113549.1.1.12": "rsa",
  "1.2.840.113549.1.1.13": "rsa",
  "1.3.101.112": "ed25519",
};

/**
 * Reads a SubjectPublicKeyInfo: ECDSA on P-256, P-384 or P-521, RSA of 2,048 to 8,192 bits, or Ed25519, in the one form that OpenSSL
 * writes. Gives what the key is known by: the SHA-256 of its bytes. Throws a FaultError for every other key, and where it is not one for the signature.
 */
export function readKey(encoded: Uint8Array, signature: string): string {
  const key = keyOf(encoded);
  const { asymmetricKeyType: type, asymmetricKeyDetails: { namedCurve = "", modulusLength = 0, publicExponent = 0n } = {} } = key;
  if (type === "ec") {
    if (curves[namedCurve] === undefined)
      throw new FaultError("Key", `the key is on the curve ${namedCurve}, and must be on P-256, P-384 or P-521`);
  } else if (type === "rsa") {
    if (modulusLength < smallest || modulusLength > largest)
      throw new FaultError("Key", `the RSA key has ${modulusLength} bits, and must have ${smallest} to ${largest}`);
    if (publicExponent !== 65_537n) throw new FaultError("Key", `the RSA key's exponent is ${publicExponent}, and must be 65537`);
  } else if (type !== "ed25519") {
    throw new FaultError("Key", `the key is of the kind ${type}, and must be ECDSA, RSA or Ed25519`);
  }
  if (!key.export({ type: "spki", format: "der" }).equals(encoded)) throw new FaultError("Key", "the key is not encoded as it must be");
  if (signatures[signature] !== type)
    throw new FaultError("Signature", `the request is signed with the algorithm ${signature}, which is none for its key`);
  return createHash("sha256").update(encoded).digest("base64url");
}

function keyOf(encoded: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(encoded), format: "der", type: "spki" });
  } catch {
    throw new FaultError("Key", "the key is none that can be read");
  }
}
