import type { NodeView } from "@plimsoll/model";
import { addressIn, isReservedAddress, isReservedName } from "./addresses.ts";
import { quoted, type Fault } from "./fault.ts";
import { firstInterval, type Ledger } from "./ledger.ts";
import { nodesGroup } from "../pkcs10/names.ts";
import type { CertificateRequest } from "../pkcs10/read.ts";
import type { Policy } from "./policy.ts";
import type { RequestView } from "./request-view.ts";
import { areUsagesOf, servingSigner } from "./signers.ts";

/** What is known when it is decided. */
export interface Known {
  node(name: string): NodeView | undefined;
  nodes(): Iterable<NodeView>;
  ledger: Pick<Ledger, "useOf" | "firstAt">;
  /** Requests that wait, altogether. */
  pending: number;
  /** Requests for the same node's first certificate that wait and are newer. */
  newer: number;
  /** Whether another key waits for the same node's first certificate. */
  isContested: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

/** As whom a request is made: as a node that there is, or for one that is to come. */
export type Role = "node" | "bootstrap";

const prefix = "system:node:";

/** RFC 1123, as a Node's name has to be. */
const nodeName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The node's name in a user's; undefined for who is no node. */
export function nodeIn(user: string): string | undefined {
  const name = user.startsWith(prefix) ? user.slice(prefix.length) : undefined;
  return name !== undefined && nodeName.test(name) ? name : undefined;
}

/** As whom the request is made; undefined: as nobody who may. A node is no bootstrapper, whatever its groups are. */
export function roleOf(
  { requester, groups, signer }: Pick<RequestView, "requester" | "groups" | "signer">,
  { bootstrapGroups }: Policy,
): Role | undefined {
  if (requester.startsWith(prefix) || groups.includes(nodesGroup))
    return nodeIn(requester) !== undefined && groups.includes(nodesGroup) ? "node" : undefined;
  return signer !== servingSigner && groups.some((group) => bootstrapGroups.includes(group)) ? "bootstrap" : undefined;
}

/** What is wrong with a request that can be told without reading what it holds. `newer`: requests of the same requester and signer that wait and are newer. */
export function screen(request: RequestView, newer: number, policy: Policy, now: number): Fault | undefined {
  const { signer, requester, usages, expirationSeconds, createdAt, object } = request;
  if (object === undefined) return { code: "Oversized", note: "the request and its metadata are too large to be a kubelet's" };
  if (!areUsagesOf(signer, usages))
    return { code: "Usages", note: `the usages are ${quoted(usages.join(", "))}, which are not those of the signer ${signer}` };
  if (roleOf(request, policy) === undefined)
    return {
      code: "Requester",
      note: `the requester ${quoted(requester)} is no node in ${nodesGroup}${signer === servingSigner ? "" : `, and not in a group that may bootstrap (${policy.bootstrapGroups.join(", ")})`}`,
    };
  if (now - createdAt > policy.maxAge) return { code: "Age", note: "the request is older than features.csr.maxAge" };
  if (expirationSeconds !== undefined && (expirationSeconds < 600 || expirationSeconds * 1_000 > policy.maxExpiration))
    return { code: "Expiration", note: `${expirationSeconds} seconds are asked for, and features.csr.maxExpiration is less` };
  return roleOf(request, policy) === "node" ? faultInLimit(newer, policy) : undefined;
}

/** What is wrong with a request that has passed the screen and was read; undefined: nothing, as far as is known here. */
export function judge(request: RequestView, asked: CertificateRequest, known: Known, policy: Policy): Fault | undefined {
  const node = nodeIn(asked.commonName);
  if (node === undefined) return { code: "Subject", note: `the common name ${quoted(asked.commonName)} is no node's` };
  if (roleOf(request, policy) === "node" && asked.commonName !== request.requester)
    return { code: "Subject", note: `the common name is ${asked.commonName}, and the requester is ${quoted(request.requester)}` };
  return (
    faultInNames(request, asked, node, policy) ??
    faultInPast(request, asked, known) ??
    (roleOf(request, policy) === "node" ? faultInNode(request, asked, node, known) : faultInFirst(request, node, known, policy))
  );
}

/** What can be said of the names alone. */
function faultInNames(
  { signer }: RequestView,
  { dnsNames, addresses }: CertificateRequest,
  node: string,
  { networks, domains }: Policy,
): Fault | undefined {
  const fault = (note: string): Fault => ({ code: "Names", note });
  const total = dnsNames.length + addresses.length;
  if (signer !== servingSigner) return total === 0 ? undefined : fault("a client's certificate has no subjectAltName");
  if (total === 0) return fault("there is no subjectAltName");
  const [label = ""] = node.split(".");
  for (const name of dnsNames) {
    if (isReservedName(name)) return fault(`the name ${name} is not a node's but a service's`);
    const isOwn = name === node || name === label || name.startsWith(`${label}.`);
    if (!isOwn && !domains.some((domain) => name.endsWith(`.${domain}`)))
      return fault(`the name ${name} neither begins with the node's, ${label}, nor is in one of features.csr.domains`);
  }
  for (const address of addresses) {
    if (isReservedAddress(address)) return fault(`the address ${address} can't be one node's own`);
    if (networks?.has(address) === false) return fault(`the address ${address} is in none of features.csr.networks`);
  }
  return undefined;
}

/** What was approved before. */
function faultInPast({ uid }: RequestView, { keyHash }: CertificateRequest, { ledger }: Known): Fault | undefined {
  const use = ledger.useOf(keyHash, uid);
  return use === undefined
    ? undefined
    : { code: "Replay", note: `its key was certified before, for ${use}: a new request takes a new key` };
}

function faultInLimit(newer: number, { maxPendingPerNode }: Policy): Fault | undefined {
  return newer < maxPendingPerNode
    ? undefined
    : { code: "Limit", note: `${newer} newer requests for the same node wait: those are looked at instead`, mayPass: true };
}

/** Of a node's own request. */
function faultInNode({ signer }: RequestView, asked: CertificateRequest, name: string, known: Known): Fault | undefined {
  const node = known.node(name);
  if (node === undefined) return { code: "Node", note: `there is no Node ${name}`, nodes: [name] };
  if (node.endsAt !== undefined) return { code: "Node", note: `the Node ${name} is being deleted`, nodes: [name] };
  if (signer !== servingSigner) return undefined;
  const own = namesOf(node);
  const foreign = [...asked.dnsNames, ...asked.addresses].find((text) => !own.has(text));
  if (foreign !== undefined) return { code: "Address", note: `${foreign} is not among the addresses of the Node ${name}`, nodes: [name] };
  const wanted = new Set([...asked.dnsNames, ...asked.addresses]);
  for (const other of known.nodes())
    if (other.name !== name)
      for (const text of namesOf(other))
        if (wanted.has(text))
          return { code: "Address", note: `${text} is also an address of the Node ${other.name}`, nodes: [name, other.name] };
  return undefined;
}

/** Of a request for the first certificate of a node that is to come. */
function faultInFirst({ uid }: RequestView, name: string, known: Known, policy: Policy): Fault | undefined {
  if (known.node(name) !== undefined)
    return { code: "Node", note: `there is a Node ${name} already: one that joins anew is to be deleted first`, nodes: [name] };
  if (known.pending > policy.maxPending)
    return { code: "Limit", note: `${known.pending} requests wait: first certificates are not approved meanwhile`, mayPass: true };
  const at = known.ledger.firstAt(name, uid);
  if (at !== undefined && known.now - at < firstInterval)
    return {
      code: "Replay",
      note: `the first certificate of ${name} was approved ${Math.round((known.now - at) / 1_000)} s ago`,
      mayPass: true,
    };
  if (known.isContested)
    return {
      code: "Replay",
      note: `requests with different keys wait for the first certificate of ${name}: neither is approved`,
      mayPass: true,
    };
  return faultInLimit(known.newer, policy);
}

/** Of a Node, what a certificate may have. */
function namesOf({ addresses }: NodeView): Set<string> {
  return new Set(addresses.map(({ address }) => addressIn(address) ?? address));
}
