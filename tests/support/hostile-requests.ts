import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { der, keysOf, requestPem, sealed, type Asked, type Der } from "@plimsoll/features/csr/testing";
import type { NodeAddress } from "kubernetes-types/core/v1.d.ts";
import { client, nodeIdentity, serving, type Identity } from "./certificate-requests.ts";

/** A request that must not be approved. */
export interface Hostile {
  /** What is wrong with it, as a sentence's end: "a request …". */
  what: string;
  /** The word that its event has. */
  code: string;
  who?: Identity;
  signer?: string;
  pem: () => Promise<string>;
  usages?: string[];
  expirationSeconds?: number;
  metadata?: object;
  /** Addresses that the node first gives itself. */
  addresses?: NodeAddress[];
}

/** The node that asks, another, and their addresses. */
export interface Victims {
  node: string;
  address: string;
  other: string;
  otherAddress: string;
  /** Of which there is no Node. */
  absent: string;
  /** Who may ask for first certificates. */
  bootstrapper: Identity;
  /** Where the API server is. */
  apiServer: string;
}

const printable = 0x13;
const utf8 = 0x0c;
const rdn = (oid: string, tag: number, text: string): Der => der.set(der.sequence(der.oid(oid), der.text(tag, text)));
const nodes = rdn("2.5.4.10", printable, "system:nodes");
const commonName = (text: string, tag = printable): Der => rdn("2.5.4.3", tag, text);
const asking = (...attributes: Der[]): Der => der.encoded(0xa0, ...attributes);
const extensionRequest = (...extensions: Der[]): Der => der.sequence(der.oid("1.2.840.113549.1.9.14"), der.set(der.sequence(...extensions)));
const extension = (oid: string, value: Der): Der => der.sequence(der.oid(oid), der.octets(value));
const san = (...names: Der[]): Der => extension("2.5.29.17", der.sequence(...names));
const dns = (text: string): Der => der.text(0x82, text);
const ip = (hex: string): Der => der.encoded(0x87, Buffer.from(hex, "hex"));

/** Every request that must not be approved, though the API server takes most of them. */
export function hostileRequests({ node, address, other, otherAddress, absent, bootstrapper, apiServer }: Victims): Hostile[] {
  const subject = [{ O: ["system:nodes"] }, { CN: [`system:node:${node}`] }];
  const own: x509.JsonGeneralNames = [
    { type: "dns", value: node },
    { type: "ip", value: address },
  ];
  const asked = (more: Partial<Asked> = {}) => requestPem({ subject, names: own, ...more });
  const ofNode = (name: string) => ({ who: nodeIdentity(name), signer: serving });
  const first = { who: bootstrapper, signer: client };
  /** A serving request with one more name. */
  const extra = (what: string, name: x509.JsonGeneralNames[number], code = "Names"): Hostile => ({
    what: `with ${what}`,
    code,
    pem: () => asked({ names: [...own, name] }),
  });
  /** The same, of a name that the node has written into its own Node's status. */
  const claimed = (what: string, type: "dns" | "ip", value: string, code = "Names"): Hostile => ({
    ...extra(`${what}, which the node has given itself`, { type, value }, code),
    addresses: [{ type: type === "dns" ? "Hostname" : "InternalIP", address: value }],
  });
  /** A first request under another common name. */
  const named = (what: string, CN: string, code = "Subject"): Hostile => ({
    what: `for ${what}`,
    code,
    ...first,
    pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [CN] }] }),
  });
  /** A first request of a subject that no library writes. */
  const written = (what: string, ...subject: Der[]): Hostile => ({
    what: `whose subject has ${what}`,
    code: "Subject",
    ...first,
    pem: () => sealed({ subject: der.sequence(...subject) }),
  });
  /** A serving request of a subjectAltName that no library writes. */
  const spelled = (what: string, name: Der): Hostile => ({
    what: `with ${what}`,
    code: "Names",
    pem: () => sealed({ subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san(dns(node), name))) }),
  });
  const using = (what: string, ...usages: string[]): Hostile => ({ what: `for ${what}`, code: "Usages", usages, pem: () => asked() });
  const extended = (what: string, ...extensions: x509.Extension[]): Hostile => ({
    what: `that asks for ${what}`,
    code: "Extension",
    pem: () => asked({ extensions }),
  });
  const by = (what: string, who: Identity, more: Partial<Hostile> = {}): Hostile => ({ what: `by ${what}`, code: "Requester", who, pem: () => asked(), ...more });
  const text = (what: string, change: (pem: string) => string): Hostile => ({ what: `in PEM with ${what}`, code: "Encoding", pem: async () => change(await asked()) });

  return [
    // Names of others.
    extra("another node's address", { type: "ip", value: otherAddress }, "Address"),
    extra("the API server's address", { type: "ip", value: apiServer }, "Address"),
    extra("the API server's address as a Service", { type: "ip", value: "10.96.0.1" }, "Address"),
    extra("another node's name", { type: "dns", value: other }),
    extra("a wildcard", { type: "dns", value: `*.${node}` }),
    extra("a wildcard alone", { type: "dns", value: "*" }),
    extra("the API server's short name", { type: "dns", value: "kubernetes" }),
    extra("the API server's name in its namespace", { type: "dns", value: "kubernetes.default" }),
    extra("the API server's name as a Service", { type: "dns", value: "kubernetes.default.svc" }),
    extra("the API server's full name", { type: "dns", value: "kubernetes.default.svc.cluster.local" }),
    extra("another Service's name that begins with the node's", { type: "dns", value: `${node}.shop.svc` }),
    extra("the machine's own name", { type: "dns", value: "localhost" }),
    extra("a name in a stranger's domain that begins with the node's", { type: "dns", value: `${node}.example.com` }, "Address"),
    extra("a name that is longer than the node's by a letter", { type: "dns", value: `${node}x` }),
    extra("the node's name in capitals", { type: "dns", value: node.toUpperCase() }),
    extra("the node's name and a dot", { type: "dns", value: `${node}.` }),
    extra("a name with an underscore", { type: "dns", value: `${node}_x` }),
    extra("a name in Punycode that looks like the node's", { type: "dns", value: "xn--nde-a-jqa" }),
    extra("an address as a DNS name", { type: "dns", value: otherAddress }),
    extra("the address of the local machine", { type: "ip", value: "127.0.0.1" }),
    extra("the address at which clouds tell machines about themselves", { type: "ip", value: "169.254.169.254" }),
    extra("the unspecified address", { type: "ip", value: "0.0.0.0" }),
    extra("an address of many", { type: "ip", value: "224.0.0.1" }),
    extra("IPv6's own address of the machine", { type: "ip", value: "::1" }),
    extra("an address of the local link", { type: "ip", value: "fe80::1" }),
    extra("an address of IPv6 that the Node doesn't have", { type: "ip", value: "2001:db8::1" }, "Address"),
    extra("an e-mail address", { type: "email", value: `root@${node}` }),
    extra("a URI", { type: "url", value: `https://${node}/` }),
    extra("a directory name", { type: "dn", value: "CN=admin" }),
    extra("a registered ID", { type: "id", value: "1.2.3.4" }),
    extra("a user principal name", { type: "upn", value: "admin@example.com" }),
    extra("a GUID", { type: "guid", value: "8ee13e53-2c1c-42bb-8df7-39927c0bdbb6" }),
    extra("a name twice", { type: "dns", value: node }),
    spelled("a NUL in a name", dns(`${node}\0.example.com`)),
    spelled("a line's end in a name", dns(`${node}\n`)),
    spelled("a space in a name", dns(`${node} ${other}`)),
    spelled("an empty name", dns("")),
    spelled("IPv4 in IPv6's form", ip(`00000000000000000000ffff${Buffer.from(address.split(".").map(Number)).toString("hex")}`)),
    { what: "to serve without any name", code: "Names", pem: () => requestPem({ subject }) },
    { what: "to serve with an empty list of names", code: "Names", pem: () => sealed({ subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san())) }) },
    { what: "with 300 names", code: "Names", pem: () => asked({ names: Array.from({ length: 300 }, (_, index) => ({ type: "dns" as const, value: `n${index}` })) }) },
    { what: "of a node to be a client, with the node's own names", code: "Names", signer: client, pem: () => asked() },
    // What a node can write itself.
    claimed("the API server's name", "dns", "kubernetes.default.svc"),
    claimed("another node's name", "dns", other),
    claimed("another node's address", "ip", otherAddress, "Address"),
    claimed("the address of the local machine", "ip", "127.0.0.1"),
    claimed("a stranger's name", "dns", "www.example.com"),
    // Extensions and attributes.
    extended("an authority's certificate", new x509.BasicConstraintsExtension(true, 1, true)),
    extended("the right to sign certificates", new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)),
    extended("every use", new x509.ExtendedKeyUsageExtension(["2.5.29.37.0"])),
    extended("an extension that nobody knows", new x509.Extension("1.3.6.1.4.1.99999.1", true, Uint8Array.from([5, 0]))),
    { what: "with a challenge password", code: "Extension", pem: () => asked({ attributes: [new x509.ChallengePasswordAttribute("secret")] }) },
    {
      what: "with two requests for extensions",
      code: "Extension",
      pem: () =>
        sealed({
          subject: der.sequence(nodes, commonName(`system:node:${node}`)),
          attributes: asking(extensionRequest(san(dns(node))), extensionRequest(extension("2.5.29.19", der.sequence(Buffer.from([1, 1, 0xff]))))),
        }),
    },
    // Usages.
    using("a client's use of the serving signer", "digital signature", "client auth"),
    using("both uses", "digital signature", "server auth", "client auth"),
    using("an authority's use", "digital signature", "server auth", "cert sign"),
    using("the signing of revocations", "digital signature", "server auth", "crl sign"),
    using("any use", "digital signature", "server auth", "any"),
    using("the signing of code", "digital signature", "server auth", "code signing"),
    using("less than a signer takes", "server auth", "key encipherment"),
    { ...using("a server's use of the client signer", "digital signature", "server auth"), ...first },
    // Subjects.
    { what: "of the organization system:masters", code: "Subject", ...first, pem: () => requestPem({ subject: [{ O: ["system:masters"] }, { CN: [`system:node:${absent}`] }] }) },
    { what: "of two organizations", code: "Subject", ...first, pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { O: ["system:masters"] }, { CN: [`system:node:${absent}`] }] }) },
    { what: "of no organization", code: "Subject", ...first, pem: () => requestPem({ subject: [{ CN: [`system:node:${absent}`] }] }) },
    { what: "of System:Nodes", code: "Subject", ...first, pem: () => requestPem({ subject: [{ O: ["System:Nodes"] }, { CN: [`system:node:${absent}`] }] }) },
    { what: "of system:nodes and a space", code: "Subject", ...first, pem: () => requestPem({ subject: [{ O: ["system:nodes "] }, { CN: [`system:node:${absent}`] }] }) },
    { what: "with an organizational unit", code: "Subject", pem: () => asked({ subject: [{ OU: ["admins"] }, ...subject] }) },
    { what: "with a country", code: "Subject", pem: () => asked({ subject: [{ C: ["CH"] }, ...subject] }) },
    written("organization and name in one", der.set(der.sequence(der.oid("2.5.4.10"), der.text(printable, "system:nodes")), der.sequence(der.oid("2.5.4.3"), der.text(printable, `system:node:${absent}`)))),
    written("two names, of which the second is another node's", nodes, commonName(`system:node:${absent}`), commonName(`system:node:${other}`)),
    written("a name of two-byte letters", nodes, commonName([...`system:node:${absent}`].map((letter) => `\0${letter}`).join(""), 0x1e)),
    written("a NUL in the name", nodes, commonName(`system:node:${absent}\0.${other}`, utf8)),
    written("a Cyrillic letter in the name", nodes, commonName(`system:node:${absent}\xd0\xb0`, utf8)),
    written("a letter without width in the name", nodes, commonName(`system:node:${absent}\xe2\x80\x8b`, utf8)),
    written("a line's end in the name", nodes, commonName(`system:node:${absent}\n`, utf8)),
    written("an IA5String as name", nodes, commonName(`system:node:${absent}`, 0x16)),
    named("a node whose name is in capitals", `system:node:${absent.toUpperCase()}`),
    named("a node without a name", "system:node:"),
    named("a user that is no node", "kubernetes-admin"),
    named("the group of nodes as a user", "system:nodes"),
    named("a path", `system:node:${absent}/../${other}`),
    named("a name and a space", `system:node:${absent} `),
    named("a prefix twice", `system:node:system:node:${absent}`),
    named("a name with a wildcard", "system:node:*"),
    named("a node whose Node was made first", `system:node:${other}`, "Node"),
    // Keys.
    { what: "with an RSA key of 1,024 bits", code: "Key", pem: () => asked({ kind: { name: "RSASSA-PKCS1-v1_5", modulusLength: 1024 } }) },
    { what: "with an RSA key whose exponent is 3", code: "Key", pem: () => asked({ kind: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([3]) } }) },
    { what: "with a signature by SHA-1", code: "Signature", pem: () => asked({ kind: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, hash: "SHA-1" } }) },
    { what: "with a signature in another form", code: "Signature", pem: () => asked({ kind: { name: "RSA-PSS", modulusLength: 2048 } }) },
    // Requesters.
    by("somebody who is no node", { user: "mallory", groups: [] }),
    by("an administrator", { user: "admin", groups: ["system:masters"] }),
    by("a ServiceAccount", { user: "system:serviceaccount:default:default", groups: ["system:serviceaccounts", "system:serviceaccounts:default"] }),
    by("a user with a node's name, who isn't among the nodes", { user: `system:node:${node}`, groups: [] }),
    by("a user among the nodes with another name", { user: "mallory", groups: ["system:nodes"] }),
    by("a user among the nodes and the bootstrappers with another name", { user: "mallory", groups: ["system:nodes", "system:bootstrappers"] }, { signer: client, pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }] }) }),
    by("a bootstrapper who wants to serve", bootstrapper),
    by("a group whose name begins like the bootstrappers'", { user: "system:bootstrap:other", groups: ["system:bootstrappers:other"] }, { signer: client, pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }] }) }),
    by("a user whose name differs from the node's by capitals", { user: `system:node:${node.toUpperCase()}`, groups: [] }),
    { what: "by a node that there isn't, to serve", code: "Node", ...ofNode(absent), pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }], names: [{ type: "dns", value: absent }] }) },
    { what: "by a node that there isn't, to be a client", code: "Node", who: nodeIdentity(absent), signer: client, pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }] }) },
    { what: "by a node, for another's name", code: "Subject", pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${other}`] }], names: [{ type: "dns", value: other }] }) },
    // Text and times.
    text("text before it", (pem) => `Subject: system:node:${other}\n${pem}`),
    text("text after it", (pem) => `${pem}Subject: system:node:${other}\n`),
    { what: "in PEM with a second block", code: "Encoding", pem: async () => `${await asked()}${await requestPem({ subject: [{ O: ["system:masters"] }, { CN: ["admin"] }] })}` },
    text("a header", (pem) => pem.replace("\n", "\nName: other\n\n")),
    { what: "for ten years", code: "Expiration", expirationSeconds: 315_360_000, pem: () => asked() },
    { what: "for five minutes", code: "Expiration", expirationSeconds: 300, pem: () => asked() },
    { what: "with annotations of 20,000 letters", code: "Oversized", metadata: { annotations: { large: "x".repeat(20_000) } }, pem: () => asked() },
    // What Go does not take, and another reader might.
    { what: "with bytes after the last", code: "Encoding", pem: () => sealed({ subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san(dns(node)))) }, (request) => Buffer.concat([request, Buffer.from([5, 0])])) },
    { what: "with BER's indefinite length", code: "Encoding", pem: () => sealed({ subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san(dns(node)))) }, (request) => Buffer.concat([Buffer.from([0x30, 0x80]), request.subarray(request[1] === 0x81 ? 3 : 4), Buffer.from([0, 0])])) },
    { what: "with subjectAltName twice", code: "Extension", pem: () => sealed({ subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san(dns(node)), san(dns(other)))) }) },
    {
      what: "whose signature is another key's",
      code: "Signature",
      pem: async () => {
        const keys = { publicKey: (await keysOf()).publicKey, privateKey: (await keysOf()).privateKey };
        return sealed({ subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san(dns(node)))), keys });
      },
    },
  ];
}
