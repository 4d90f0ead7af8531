import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const validDays = 365;

/** PEM texts. */
export interface KeyPair {
  cert: string;
  key: string;
}

export interface Subject {
  /** The user, where the certificate authenticates a client. */
  commonName: string;
  /** The client's groups. */
  groups?: string[];
  dnsNames?: string[];
  addresses?: string[];
}

/** Signs certificates of one certificate authority, made anew with each call of `create`. */
export class Authority {
  readonly pair: KeyPair;
  readonly #cert: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(pair: KeyPair, cert: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.pair = pair;
    this.#cert = cert;
    this.#key = key;
  }

  static async create(commonName: string): Promise<Authority> {
    const keys = await generateKeys();
    const cert = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(),
      name: [{ CN: [commonName] }],
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new Authority({ cert: cert.toString("pem"), key: await privatePem(keys.privateKey) }, cert, keys.privateKey);
  }

  /** A certificate for a client and, where it has names or addresses, for a server. */
  async issue({ commonName, groups = [], dnsNames = [], addresses = [] }: Subject): Promise<KeyPair> {
    const keys = await generateKeys();
    const names = [
      ...dnsNames.map((value) => ({ type: "dns" as const, value })),
      ...addresses.map((value) => ({ type: "ip" as const, value })),
    ];
    const usages = [x509.ExtendedKeyUsage.clientAuth, ...(names.length > 0 ? [x509.ExtendedKeyUsage.serverAuth] : [])];
    const cert = await x509.X509CertificateGenerator.create({
      ...validity(),
      subject: [...groups.map((group) => ({ O: [group] })), { CN: [commonName] }],
      issuer: this.#cert.subjectName,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(usages),
        await x509.AuthorityKeyIdentifierExtension.create(this.#cert),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { cert: cert.toString("pem"), key: await privatePem(keys.privateKey) };
  }
}

/** A key for signing service-account tokens, with its public half instead of a certificate. */
export async function signingKey(): Promise<{ key: string; publicKey: string }> {
  const keys = await generateKeys();
  const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  return { key: await privatePem(keys.privateKey), publicKey: x509.PemConverter.encode(spki, "PUBLIC KEY") };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function validity(): { serialNumber: string; notBefore: Date; notAfter: Date } {
  const now = Date.now();
  // The top bit of a serial number is its sign: it is kept clear. The start lies back for clocks that lag.
  const serialNumber = `01${randomBytes(15).toString("hex")}`;
  return { serialNumber, notBefore: new Date(now - 300_000), notAfter: new Date(now + validDays * 86_400_000) };
}
