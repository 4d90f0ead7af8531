import { FaultError, quoted } from "../decide/fault.ts";
import { textOfAddress } from "../decide/addresses.ts";
import { DerReader, oidOf, tag } from "./der.ts";

/** Whom a request names. */
export interface Subject {
  commonName: string;
}

/** What a request asks to be called beside its subject. */
export interface AlternativeNames {
  dnsNames: string[];
  /** As `textOfAddress` has them. */
  addresses: string[];
}

const commonName = "2.5.4.3";
const organization = "2.5.4.10";

/** What every node's organization is. */
export const nodesGroup = "system:nodes";

/**
 * Reads a subject that has nothing but an organization, which is system:nodes, and a common name, each once and each in an RDN of its own.
 * Their bytes are taken as they are: other strings than PrintableString and UTF8String, and other letters than printable ASCII, are faults.
 */
export function readSubject(reader: DerReader): Subject {
  const found = new Map<string, string>();
  while (!reader.isAtEnd) {
    const rdn = reader.open(tag.set, "an RDN of the subject");
    const attribute = rdn.open(tag.sequence, "an attribute of the subject");
    if (!rdn.isAtEnd) throw new FaultError("Subject", "the subject has an RDN of several values");
    const oid = oidOf(attribute.take(tag.oid, "an attribute's type").contents);
    const value = attribute.next("an attribute's value");
    attribute.end("an attribute of the subject");
    if (oid !== commonName && oid !== organization) throw new FaultError("Subject", `the subject has more than O and CN: ${oid}`);
    const what = oid === commonName ? "common name" : "organization";
    if (found.has(oid)) throw new FaultError("Subject", `the subject has more than one ${what}`);
    if (value.tag !== tag.printableString && value.tag !== tag.utf8String)
      throw new FaultError("Subject", `the ${what} is neither a PrintableString nor a UTF8String`);
    found.set(oid, textOf(value.contents, "Subject", `the ${what}`));
  }
  const name = found.get(commonName);
  const group = found.get(organization);
  if (group !== nodesGroup)
    throw new FaultError("Subject", `the organization is ${group === undefined ? "missing" : quoted(group)}, and must be ${nodesGroup}`);
  if (name === undefined) throw new FaultError("Subject", "the common name is missing");
  return { commonName: name };
}

const kinds: Record<number, string> = {
  0x81: "an e-mail address",
  0x86: "a URI",
  0x88: "a registered ID",
  0xa0: "another kind of name",
  0xa3: "an X.400 address",
  0xa4: "a directory name",
  0xa5: "an EDI party name",
};

/** Reads a subjectAltName that has DNS names and IP addresses, at least one, each once, and nothing else. */
export function readAlternativeNames(bytes: Uint8Array): AlternativeNames {
  const outer = new DerReader(bytes);
  const reader = outer.open(tag.sequence, "subjectAltName");
  outer.end("subjectAltName");
  if (reader.isAtEnd) throw new FaultError("Names", "subjectAltName is empty");
  const dnsNames = new Set<string>();
  const addresses = new Set<string>();
  while (!reader.isAtEnd) {
    const name = reader.next("a subjectAltName");
    const [names, text] = [0x82, 0x87].includes(name.tag)
      ? name.tag === 0x82
        ? ([dnsNames, dnsNameOf(name.contents)] as const)
        : ([addresses, addressOf(name.contents)] as const)
      : refuse(`subjectAltName has ${kinds[name.tag] ?? "a name of an unknown kind"}`);
    if (names.has(text)) refuse(`subjectAltName has ${text} twice`);
    names.add(text);
  }
  return { dnsNames: [...dnsNames], addresses: [...addresses] };
}

/** RFC 1123, in lower case, as Kubernetes has names. */
const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

function dnsNameOf(bytes: Uint8Array): string {
  const text = textOf(bytes, "Names", "a DNS name");
  if (!dnsName.test(text))
    refuse(`subjectAltName has ${quoted(text)}, which is no DNS name in lower-case letters, digits, dashes and dots without a wildcard`);
  // Of digits and dots alone it would be taken for an address.
  if (/^[0-9.]+$/.test(text)) refuse(`subjectAltName has the address ${text} as a DNS name`);
  return text;
}

function addressOf(bytes: Uint8Array): string {
  return textOfAddress(bytes) ?? refuse(`subjectAltName has an IP address of ${bytes.length} bytes, or one of IPv4 in IPv6's form`);
}

/** What is printable ASCII, byte for byte. */
function textOf(bytes: Uint8Array, code: "Subject" | "Names", what: string): string {
  if (bytes.some((byte) => byte < 0x20 || byte > 0x7e))
    throw new FaultError(code, `${what} has bytes that are not printable ASCII: ${quoted(Buffer.from(bytes).toString("latin1"))}`);
  return String.fromCharCode(...bytes);
}

function refuse(note: string): never {
  throw new FaultError("Names", note);
}
