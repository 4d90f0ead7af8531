import { der, keysOf, requestPem, sealed, x509 } from "@plimsoll/features/csr/testing";
import { client, nodeIdentity } from "../certificate-requests.ts";
import {
  asking,
  commonName,
  dns,
  extension,
  extensionRequest,
  nodes,
  printable,
  san,
  termsOf,
  utf8,
  type Hostile,
  type Victims,
} from "./terms.ts";

/** Requests that are hostile in other ways than by the names that they ask for. */
export function otherHostile(victims: Victims): Hostile[] {
  const { node, other, absent, bootstrapper } = victims;
  const { asked, by, extended, first, named, ofNode, subject, text, using, written } = termsOf(victims);
  return [
    // Extensions and attributes.
    extended("an authority's certificate", new x509.BasicConstraintsExtension(true, 1, true)),
    extended("the right to sign certificates", new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)),
    extended("every use", new x509.ExtendedKeyUsageExtension(["2.5.29.37.0"])),
    extended("an extension that nobody knows", new x509.Extension("1.3.6.1.4.1.99999.1", true, Uint8Array.from([5, 0]))),
    {
      what: "with a challenge password",
      code: "Extension",
      pem: () => asked({ attributes: [new x509.ChallengePasswordAttribute("secret")] }),
    },
    {
      what: "with two requests for extensions",
      code: "Extension",
      pem: () =>
        sealed({
          subject: der.sequence(nodes, commonName(`system:node:${node}`)),
          attributes: asking(
            extensionRequest(san(dns(node))),
            extensionRequest(extension("2.5.29.19", der.sequence(Buffer.from([1, 1, 0xff])))),
          ),
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
    {
      what: "of the organization system:masters",
      code: "Subject",
      ...first,
      pem: () => requestPem({ subject: [{ O: ["system:masters"] }, { CN: [`system:node:${absent}`] }] }),
    },
    {
      what: "of two organizations",
      code: "Subject",
      ...first,
      pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { O: ["system:masters"] }, { CN: [`system:node:${absent}`] }] }),
    },
    { what: "of no organization", code: "Subject", ...first, pem: () => requestPem({ subject: [{ CN: [`system:node:${absent}`] }] }) },
    {
      what: "of System:Nodes",
      code: "Subject",
      ...first,
      pem: () => requestPem({ subject: [{ O: ["System:Nodes"] }, { CN: [`system:node:${absent}`] }] }),
    },
    {
      what: "of system:nodes and a space",
      code: "Subject",
      ...first,
      pem: () => requestPem({ subject: [{ O: ["system:nodes "] }, { CN: [`system:node:${absent}`] }] }),
    },
    { what: "with an organizational unit", code: "Subject", pem: () => asked({ subject: [{ OU: ["admins"] }, ...subject] }) },
    { what: "with a country", code: "Subject", pem: () => asked({ subject: [{ C: ["CH"] }, ...subject] }) },
    written(
      "organization and name in one",
      der.set(
        der.sequence(der.oid("2.5.4.10"), der.text(printable, "system:nodes")),
        der.sequence(der.oid("2.5.4.3"), der.text(printable, `system:node:${absent}`)),
      ),
    ),
    written(
      "two names, of which the second is another node's",
      nodes,
      commonName(`system:node:${absent}`),
      commonName(`system:node:${other}`),
    ),
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
    {
      what: "with an RSA key whose exponent is 3",
      code: "Key",
      pem: () => asked({ kind: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([3]) } }),
    },
    {
      what: "with a signature by SHA-1",
      code: "Signature",
      pem: () => asked({ kind: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, hash: "SHA-1" } }),
    },
    { what: "with a signature in another form", code: "Signature", pem: () => asked({ kind: { name: "RSA-PSS", modulusLength: 2048 } }) },
    // Requesters.
    by("somebody who is no node", { user: "mallory", groups: [] }),
    by("an administrator", { user: "admin", groups: ["system:masters"] }),
    by("a ServiceAccount", {
      user: "system:serviceaccount:default:default",
      groups: ["system:serviceaccounts", "system:serviceaccounts:default"],
    }),
    by("a user with a node's name, who isn't among the nodes", { user: `system:node:${node}`, groups: [] }),
    by("a user among the nodes with another name", { user: "mallory", groups: ["system:nodes"] }),
    by(
      "a user among the nodes and the bootstrappers with another name",
      { user: "mallory", groups: ["system:nodes", "system:bootstrappers"] },
      { signer: client, pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }] }) },
    ),
    by("a bootstrapper who wants to serve", bootstrapper),
    by(
      "a group whose name begins like the bootstrappers'",
      { user: "system:bootstrap:other", groups: ["system:bootstrappers:other"] },
      { signer: client, pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }] }) },
    ),
    by("a user whose name differs from the node's by capitals", { user: `system:node:${node.toUpperCase()}`, groups: [] }),
    {
      what: "by a node that there isn't, to serve",
      code: "Node",
      ...ofNode(absent),
      pem: () =>
        requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }], names: [{ type: "dns", value: absent }] }),
    },
    {
      what: "by a node that there isn't, to be a client",
      code: "Node",
      who: nodeIdentity(absent),
      signer: client,
      pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${absent}`] }] }),
    },
    {
      what: "by a node, for another's name",
      code: "Subject",
      pem: () =>
        requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${other}`] }], names: [{ type: "dns", value: other }] }),
    },
    // Text and times.
    text("text before it", (pem) => `Subject: system:node:${other}\n${pem}`),
    text("text after it", (pem) => `${pem}Subject: system:node:${other}\n`),
    {
      what: "in PEM with a second block",
      code: "Encoding",
      pem: async () => `${await asked()}${await requestPem({ subject: [{ O: ["system:masters"] }, { CN: ["admin"] }] })}`,
    },
    text("a header", (pem) => pem.replace("\n", "\nName: other\n\n")),
    { what: "for ten years", code: "Expiration", expirationSeconds: 315_360_000, pem: () => asked() },
    { what: "for five minutes", code: "Expiration", expirationSeconds: 300, pem: () => asked() },
    {
      what: "with annotations of 20,000 letters",
      code: "Oversized",
      metadata: { annotations: { large: "x".repeat(20_000) } },
      pem: () => asked(),
    },
    // What Go does not take, and another reader might.
    {
      what: "with bytes after the last",
      code: "Encoding",
      pem: () =>
        sealed(
          { subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san(dns(node)))) },
          (request) => Buffer.concat([request, Buffer.from([5, 0])]),
        ),
    },
    {
      what: "with BER's indefinite length",
      code: "Encoding",
      pem: () =>
        sealed(
          { subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san(dns(node)))) },
          (request) => Buffer.concat([Buffer.from([0x30, 0x80]), request.subarray(request[1] === 0x81 ? 3 : 4), Buffer.from([0, 0])]),
        ),
    },
    {
      what: "with subjectAltName twice",
      code: "Extension",
      pem: () =>
        sealed({
          subject: der.sequence(nodes, commonName(`system:node:${node}`)),
          attributes: asking(extensionRequest(san(dns(node)), san(dns(other)))),
        }),
    },
    {
      what: "whose signature is another key's",
      code: "Signature",
      pem: async () => {
        const keys = { publicKey: (await keysOf()).publicKey, privateKey: (await keysOf()).privateKey };
        return sealed({
          subject: der.sequence(nodes, commonName(`system:node:${node}`)),
          attributes: asking(extensionRequest(san(dns(node)))),
          keys,
        });
      },
    },
  ];
}
