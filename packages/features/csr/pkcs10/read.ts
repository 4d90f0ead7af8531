import { FaultError } from "../decide/fault.ts";
import { DerReader, oidOf, tag } from "./der.ts";
import { readKey } from "./key.ts";
import { readAlternativeNames, readSubject, type AlternativeNames, type Subject } from "./names.ts";
import { bytesOfPem } from "./pem.ts";

/** A certificate request as a kubelet makes it. Its signature was not verified. */
export interface CertificateRequest extends Subject, AlternativeNames {
  /** Of its public key, by which that is known again. */
  keyHash: string;
  /** All of it. */
  der: Uint8Array;
}

const extensionRequest = "1.2.840.113549.1.9.14";
const subjectAltName = "2.5.29.17";

/**
 * Reads a PKCS#10 request (RFC 2986) that has nothing but what a kubelet puts in: O and CN, a key, and DNS names and IP addresses where it is for serving.
 * Throws a FaultError for all else: what nobody has to understand, nobody can misunderstand.
 */
export function readRequest(pem: string): CertificateRequest {
  const der = bytesOfPem(pem);
  const outer = new DerReader(der);
  const request = outer.open(tag.sequence, "the request");
  outer.end("the request");
  const info = request.open(tag.sequence, "the request's information");
  const algorithm = readAlgorithm(request.open(tag.sequence, "the signature's algorithm"));
  checkSignature(request.take(tag.bitString, "the signature").contents, algorithm);
  request.end("the request");

  const version = info.take(tag.integer, "the version").contents;
  if (version.length !== 1 || version[0] !== 0) throw new FaultError("Encoding", "the version is not 1");
  const subject = readSubject(info.open(tag.sequence, "the subject"));
  const key = info.take(tag.sequence, "the key").encoded;
  const names = readAttributes(info.open(tag.attributes, "the attributes"));
  info.end("the request's information");
  return { ...subject, ...names, keyHash: readKey(key, algorithm), der };
}

/** An algorithm's object identifier. RSA's have NULL beside it, the others nothing (RFC 4055, 5; RFC 5758, 3.2; RFC 8410, 3). */
function readAlgorithm(reader: DerReader): string {
  const oid = oidOf(reader.take(tag.oid, "the signature's algorithm").contents);
  const parameters = reader.isAtEnd ? undefined : reader.next("the algorithm's parameters");
  reader.end("the signature's algorithm");
  const hasNull = parameters?.tag === tag.null && parameters.contents.length === 0;
  if (oid.startsWith("1.2.840.113549.1.1.") ? !hasNull : parameters !== undefined)
    throw new FaultError("Signature", `the signature's algorithm ${oid} has other parameters than it must have`);
  return oid;
}

/** Throws where a signature is not encoded as it must be. Whether it is the key's is another question. */
function checkSignature(contents: Uint8Array, algorithm: string): void {
  if (contents[0] !== 0) throw new FaultError("Encoding", "the signature is no whole bytes");
  if (!algorithm.startsWith("1.2.840.10045.4.")) return;
  // ECDSA's is two numbers (RFC 3279, 2.2.3).
  const outer = new DerReader(contents.subarray(1));
  const numbers = outer.open(tag.sequence, "the signature");
  outer.end("the signature");
  for (const what of ["the signature's first number", "the signature's second number"]) numbers.take(tag.integer, what);
  numbers.end("the signature");
}

/** The names that are asked for by the one attribute that there may be, and its one extension. */
function readAttributes(reader: DerReader): AlternativeNames {
  if (reader.isAtEnd) return { dnsNames: [], addresses: [] };
  const attribute = reader.open(tag.sequence, "an attribute");
  const type = oidOf(attribute.take(tag.oid, "an attribute's type").contents);
  if (type !== extensionRequest)
    throw new FaultError("Extension", `the request has the attribute ${type}: only extensions may be asked for`);
  if (!reader.isAtEnd) throw new FaultError("Extension", "the request has more than one attribute");
  const values = attribute.open(tag.set, "an attribute's values");
  attribute.end("an attribute");
  const extensions = values.open(tag.sequence, "the extensions");
  if (!values.isAtEnd) throw new FaultError("Extension", "the attribute has more than one value");
  const extension = extensions.open(tag.sequence, "an extension");
  const oid = oidOf(extension.take(tag.oid, "an extension's type").contents);
  if (oid !== subjectAltName)
    throw new FaultError("Extension", `the request asks for the extension ${oid}: only subjectAltName may be asked for`);
  if (!extensions.isAtEnd) throw new FaultError("Extension", "the request asks for more than one extension");
  let value = extension.next("an extension's value");
  if (value.tag === tag.boolean) {
    if (value.contents.length !== 1 || value.contents[0] !== 0xff)
      throw new FaultError("Encoding", "an extension is critical in a way that DER doesn't have");
    value = extension.next("an extension's value");
  }
  if (value.tag !== tag.octetString) throw new FaultError("Encoding", "an extension's value is no OCTET STRING");
  extension.end("an extension");
  return readAlternativeNames(value.contents);
}
