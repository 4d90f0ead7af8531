import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import { der, type Der } from "./der.ts";

/** What keys a request may have, as Web Crypto names them. */
export type KeyKind =
  | { name: "ECDSA"; namedCurve: "P-256" | "P-384" | "P-521"; hash?: string }
  | { name: "RSASSA-PKCS1-v1_5" | "RSA-PSS"; modulusLength: number; publicExponent?: Uint8Array<ArrayBuffer>; hash?: string }
  | { name: "Ed25519" };

type Keys = webcrypto.CryptoKeyPair;

const ordinary: KeyKind = { name: "ECDSA", namedCurve: "P-256" };

export async function keysOf(kind: KeyKind = ordinary): Promise<Keys> {
  const algorithm = { hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]), ...kind };
  return (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as Keys;
}

/** What a request asks for; what is left out is as a kubelet has it. */
export interface Asked {
  /** The subject's RDNs, as in `[{ O: ["system:nodes"] }, { CN: ["system:node:a"] }]`. */
  subject: x509.JsonNameParams;
  names?: x509.JsonGeneralNames;
  extensions?: x509.Extension[];
  attributes?: x509.Attribute[];
  keys?: Keys;
  kind?: KeyKind;
}

/** A request as the library makes it, in PEM. */
export async function requestPem({ subject, names, extensions = [], attributes = [], kind = ordinary, keys }: Asked): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: new x509.Name(subject),
    keys: keys ?? (await keysOf(kind)),
    signingAlgorithm: { hash: "SHA-256", saltLength: 32, ...kind },
    extensions: [...(names === undefined ? [] : [new x509.SubjectAlternativeNameExtension(names)]), ...extensions],
    attributes,
  });
  return pemOf(new Uint8Array(request.rawData));
}

/** A request of the parts that no library writes, signed by ECDSA on P-256. `change` is made to all of it, after it was signed. */
export async function sealed(
  { subject, attributes = der.encoded(0xa0), keys }: { subject: Der; attributes?: Der; keys?: Keys },
  change: (request: Der) => Der = (request) => request,
): Promise<string> {
  const { publicKey, privateKey } = keys ?? (await keysOf());
  const key = Buffer.from(await webcrypto.subtle.exportKey("spki", publicKey));
  const info = der.sequence(Buffer.from([2, 1, 0]), subject, key, attributes);
  const raw = Buffer.from(await webcrypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, Uint8Array.from(info)));
  const integer = (bytes: Buffer): Der => {
    const short = bytes.subarray(
      Math.min(
        31,
        bytes.findIndex((byte) => byte !== 0),
      ),
    );
    return der.encoded(2, (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
  };
  const signature = der.sequence(integer(raw.subarray(0, 32)), integer(raw.subarray(32)));
  const all = der.sequence(info, der.sequence(der.oid("1.2.840.10045.4.3.2")), der.encoded(3, Buffer.from([0]), signature));
  return pemOf(change(all));
}

export function pemOf(request: Der): string {
  const lines =
    Buffer.from(request)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join("\n")}\n-----END CERTIFICATE REQUEST-----\n`;
}
