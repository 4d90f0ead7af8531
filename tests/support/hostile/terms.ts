import { der, requestPem, sealed, type Asked, type Der, type x509 } from "@plimsoll/features/csr/testing";
import type { NodeAddress } from "kubernetes-types/core/v1.d.ts";
import { client, nodeIdentity, serving, type Identity } from "../certificate-requests.ts";

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

export const printable = 0x13;
export const utf8 = 0x0c;
export const rdn = (oid: string, tag: number, text: string): Der => der.set(der.sequence(der.oid(oid), der.text(tag, text)));
export const nodes = rdn("2.5.4.10", printable, "system:nodes");
export const commonName = (text: string, tag = printable): Der => rdn("2.5.4.3", tag, text);
export const asking = (...attributes: Der[]): Der => der.encoded(0xa0, ...attributes);
export const extensionRequest = (...extensions: Der[]): Der =>
  der.sequence(der.oid("1.2.840.113549.1.9.14"), der.set(der.sequence(...extensions)));
export const extension = (oid: string, value: Der): Der => der.sequence(der.oid(oid), der.octets(value));
export const san = (...names: Der[]): Der => extension("2.5.29.17", der.sequence(...names));
export const dns = (text: string): Der => der.text(0x82, text);
export const ip = (hex: string): Der => der.encoded(0x87, Buffer.from(hex, "hex"));

/** What hostile requests are made of. */
export function termsOf({ node, address, bootstrapper }: Victims) {
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
    pem: () =>
      sealed({
        subject: der.sequence(nodes, commonName(`system:node:${node}`)),
        attributes: asking(extensionRequest(san(dns(node), name))),
      }),
  });
  const using = (what: string, ...usages: string[]): Hostile => ({ what: `for ${what}`, code: "Usages", usages, pem: () => asked() });
  const extended = (what: string, ...extensions: x509.Extension[]): Hostile => ({
    what: `that asks for ${what}`,
    code: "Extension",
    pem: () => asked({ extensions }),
  });
  const by = (what: string, who: Identity, more: Partial<Hostile> = {}): Hostile => ({
    what: `by ${what}`,
    code: "Requester",
    who,
    pem: () => asked(),
    ...more,
  });
  const text = (what: string, change: (pem: string) => string): Hostile => ({
    what: `in PEM with ${what}`,
    code: "Encoding",
    pem: async () => change(await asked()),
  });

  return { subject, own, asked, ofNode, first, extra, claimed, named, written, spelled, using, extended, by, text };
}
