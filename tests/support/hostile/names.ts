import { requestPem, sealed, der } from "@plimsoll/features/csr/testing";
import { client } from "../certificate-requests.ts";
import { asking, commonName, dns, extensionRequest, ip, nodes, san, termsOf, type Hostile, type Victims } from "./terms.ts";

/** Requests for names that are not the node's. */
export function hostileNames(victims: Victims): Hostile[] {
  const { node, address, other, otherAddress, apiServer } = victims;
  const { asked, claimed, extra, spelled, subject } = termsOf(victims);
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
    {
      what: "to serve with an empty list of names",
      code: "Names",
      pem: () => sealed({ subject: der.sequence(nodes, commonName(`system:node:${node}`)), attributes: asking(extensionRequest(san())) }),
    },
    {
      what: "with 300 names",
      code: "Names",
      pem: () => asked({ names: Array.from({ length: 300 }, (_, index) => ({ type: "dns" as const, value: `n${index}` })) }),
    },
    { what: "of a node to be a client, with the node's own names", code: "Names", signer: client, pem: () => asked() },
    // What a node can write itself.
    claimed("the API server's name", "dns", "kubernetes.default.svc"),
    claimed("another node's name", "dns", other),
    claimed("another node's address", "ip", otherAddress, "Address"),
    claimed("the address of the local machine", "ip", "127.0.0.1"),
    claimed("a stranger's name", "dns", "www.example.com"),
  ];
}
