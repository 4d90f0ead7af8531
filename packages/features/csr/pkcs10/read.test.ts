import "reflect-metadata";
import type * as x509 from "@peculiar/x509";
import { expect, test } from "vitest";
import { FaultError } from "../decide/fault.ts";
import { loadVerify } from "../decide/verify.ts";
import { der, keysOf, pemOf, requestPem, sealed, type KeyKind } from "../testing/index.ts";
import { readRequest } from "./read.ts";
import { bytesOfPem } from "./pem.ts";

const subject = [{ O: ["system:nodes"] }, { CN: ["system:node:a"] }];
const names: x509.JsonGeneralNames = [
  { type: "dns", value: "a" },
  { type: "ip", value: "10.0.0.1" },
  { type: "ip", value: "2001:db8::1" },
];
const verify = await loadVerify();

function faultOf(pem: string): string {
  try {
    readRequest(pem);
    return "none";
  } catch (error) {
    if (error instanceof FaultError) return `${error.fault.code}: ${error.fault.note}`;
    throw error;
  }
}

test.each<KeyKind>([
  { name: "ECDSA", namedCurve: "P-256" },
  { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
  { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" },
  { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 },
  { name: "Ed25519" },
])("a kubelet's request with a key of $name is read, and its signature verified", async (kind) => {
  const request = readRequest(await requestPem({ subject, names, kind }));
  expect(request).toMatchObject({ commonName: "system:node:a", dnsNames: ["a"], addresses: ["10.0.0.1", "2001:db8::1"] });
  expect(await verify(request)).toBeUndefined();
});

test("of a request no byte can be changed, and none be added or taken away, without a fault", async () => {
  const pem = await requestPem({ subject, names });
  const bytes = bytesOfPem(pem);
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Uint8Array.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 0x01;
    for (const other of [changed, bytes.subarray(0, index)]) {
      const fault = faultOf(pemOf(other));
      if (fault === "none")
        expect(await verify(readRequest(pemOf(other))), `byte ${index}`).toMatchObject({
          code: expect.stringMatching(/Signature|Encoding/) as string,
        });
    }
  }
  expect(faultOf(pemOf(Buffer.concat([bytes, Buffer.from([0])])))).toBe("Encoding: the request has 1 bytes too many");
});

test("a key is known by its bytes, whatever else is asked for with it", async () => {
  const keys = await keysOf();
  const hashes = await Promise.all(
    [names, undefined].map(async (names) => readRequest(await requestPem({ subject, keys, ...(names && { names }) })).keyHash),
  );
  expect(new Set(hashes).size).toBe(1);
  expect(readRequest(await requestPem({ subject })).keyHash).not.toBe(hashes[0]);
});

const common = der.oid("2.5.4.3");
const group = der.oid("2.5.4.10");
const rdn = (oid: Uint8Array, tag: number, text: string) => der.set(der.sequence(oid, der.text(tag, text)));
const nodes = rdn(group, 0x13, "system:nodes");
const asked = (extension: Uint8Array) =>
  der.encoded(0xa0, der.sequence(der.oid("1.2.840.113549.1.9.14"), der.set(der.sequence(extension))));
const san = (...names: Uint8Array[]) => asked(der.sequence(der.oid("2.5.29.17"), der.octets(der.sequence(...names))));
const own = der.sequence(nodes, rdn(common, 0x13, "system:node:a"));

test("what is built value by value is read as well", async () => {
  const request = readRequest(await sealed({ subject: own, attributes: san(der.text(0x82, "a")) }));
  expect(request).toMatchObject({ commonName: "system:node:a", dnsNames: ["a"] });
  expect(await verify(request)).toBeUndefined();
});

test.each<[string, Parameters<typeof sealed>, string]>([
  [
    "a TeletexString as common name",
    [{ subject: der.sequence(nodes, rdn(common, 0x14, "system:node:a")) }],
    "Subject: the common name is neither",
  ],
  [
    "a common name of two-byte letters",
    [{ subject: der.sequence(nodes, rdn(common, 0x1e, "\0a")) }],
    "Subject: the common name is neither",
  ],
  [
    "a NUL in the common name",
    [{ subject: der.sequence(nodes, rdn(common, 0x0c, "system:node:a\0b")) }],
    "Subject: the common name has bytes",
  ],
  [
    "a letter of Unicode",
    [{ subject: der.sequence(nodes, rdn(common, 0x0c, "system:node:\xd0\xb0")) }],
    "Subject: the common name has bytes",
  ],
  [
    "two common names",
    [{ subject: der.sequence(nodes, rdn(common, 0x13, "b"), rdn(common, 0x13, "a")) }],
    "Subject: the subject has more than one common name",
  ],
  ["no subject", [{ subject: der.sequence() }], "Subject: the organization is missing"],
  [
    "an RDN of two values",
    [{ subject: der.sequence(der.set(der.sequence(common, der.text(0x13, "a")), der.sequence(group, der.text(0x13, "system:nodes")))) }],
    "Subject: the subject has an RDN of several values",
  ],
  ["an empty subjectAltName", [{ subject: own, attributes: san() }], "Names: subjectAltName is empty"],
  [
    "an address of 5 bytes",
    [{ subject: own, attributes: san(der.encoded(0x87, Buffer.alloc(5, 1))) }],
    "Names: subjectAltName has an IP address of 5 bytes",
  ],
  [
    "IPv4 in IPv6's form",
    [{ subject: own, attributes: san(der.encoded(0x87, Buffer.from("00000000000000000000ffff0a000001", "hex"))) }],
    "Names: subjectAltName has an IP address of 16 bytes",
  ],
  ["a NUL in a DNS name", [{ subject: own, attributes: san(der.text(0x82, "a\0.b")) }], "Names: a DNS name has bytes"],
  [
    "an attribute twice",
    [{ subject: own, attributes: Buffer.from([0xa0, 0x80]) }],
    "Encoding: the attributes has a length that DER doesn't have",
  ],
  [
    "bytes after the last",
    [{ subject: own }, (request) => Buffer.concat([request, Buffer.from([5, 0])])],
    "Encoding: the request has 2 bytes too many",
  ],
  [
    "BER's indefinite length",
    [{ subject: own }, (request) => Buffer.concat([Buffer.from([0x30, 0x80]), request.subarray(3), Buffer.from([0, 0])])],
    "Encoding: the request has a length that DER doesn't have",
  ],
])("%s is a fault", async (_, parts, fault) => {
  expect(faultOf(await sealed(...parts))).toContain(fault);
});

test.each([
  ["text before it", (pem: string) => `Subject: a\n${pem}`],
  ["text after it", (pem: string) => `${pem}more`],
  ["a second block", (pem: string) => `${pem}${pem}`],
  ["a header", (pem: string) => pem.replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n")],
  ["another label", (pem: string) => pem.replaceAll("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")],
  ["base64 that is cut off", (pem: string) => pem.replace(/.\n-----END/, "\n-----END")],
])("PEM with %s is a fault", async (_, change) => {
  expect(faultOf(change(await requestPem({ subject })))).toMatch(/^Encoding: spec.request /);
});
