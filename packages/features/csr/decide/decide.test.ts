import type { NodeView } from "@plimsoll/model";
import { nodeOf } from "@plimsoll/model";
import { expect, test } from "vitest";
import { config, policyOf } from "../config.ts";
import { judge, nodeIn, roleOf, screen, type Known } from "./decide.ts";
import { firstInterval, Ledger } from "./ledger.ts";
import type { CertificateRequest } from "../pkcs10/read.ts";
import { requestOf, type RequestView } from "./request-view.ts";
import { clientSigner, servingSigner } from "./signers.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const policy = policyOf(config.parse({}));

function request(signerName: string, username: string, groups: string[], more: object = {}): RequestView {
  const view = requestOf({
    metadata: { name: "r", uid: "u", resourceVersion: "1", creationTimestamp: "2026-11-28T11:59:00Z" },
    spec: {
      signerName,
      username,
      groups,
      request: "",
      usages: ["digital signature", signerName === servingSigner ? "server auth" : "client auth"],
      ...more,
    },
  });
  if (view === undefined) throw new Error("it is no request of ours");
  return view;
}

const asNode = (signer: string, more?: object) => request(signer, "system:node:a", ["system:nodes"], more);
const asBootstrapper = (more?: object) => request(clientSigner, "system:bootstrap:x", ["system:bootstrappers"], more);

const asked = (more: Partial<CertificateRequest> = {}): CertificateRequest => ({
  commonName: "system:node:a",
  dnsNames: [],
  addresses: [],
  keyHash: "k",
  der: new Uint8Array(),
  ...more,
});

function node(name: string, ...addresses: string[]): NodeView {
  return nodeOf({ metadata: { name }, status: { addresses: addresses.map((address) => ({ type: "InternalIP", address })) } });
}

function known(nodes: NodeView[] = [], more: Partial<Known> = {}): Known {
  return {
    node: (name) => nodes.find((node) => node.name === name),
    nodes: () => nodes,
    ledger: new Ledger(),
    pending: 1,
    newer: 0,
    isContested: false,
    now,
    ...more,
  };
}

const own = { dnsNames: ["a"], addresses: ["10.0.0.1", "2001:db8::1"] };
const a = node("a", "a", "10.0.0.1", "2001:0DB8:0::1");

test("a node's own serving request holds, for its own name and addresses in any form", () => {
  expect(screen(asNode(servingSigner), 0, policy, now)).toBeUndefined();
  expect(judge(asNode(servingSigner), asked(own), known([a]), policy)).toBeUndefined();
});

test("a node's renewal holds without names, and needs its Node", () => {
  expect(judge(asNode(clientSigner), asked(), known([a]), policy)).toBeUndefined();
  expect(judge(asNode(clientSigner), asked(), known(), policy)).toMatchObject({ code: "Node", nodes: ["a"] });
  expect(judge(asNode(clientSigner), asked(own), known([a]), policy)).toMatchObject({ code: "Names" });
});

test("a first certificate is for a node that isn't there, and asked for by who may bootstrap", () => {
  expect(judge(asBootstrapper(), asked(), known(), policy)).toBeUndefined();
  expect(judge(asBootstrapper(), asked(), known([a]), policy)).toMatchObject({ code: "Node" });
  expect(judge(asBootstrapper(), asked(), known([], { isContested: true }), policy)).toMatchObject({ code: "Replay" });
  expect(judge(asBootstrapper(), asked(), known([], { pending: policy.maxPending + 1 }), policy)).toMatchObject({ code: "Limit" });
});

test("of one name there is one first certificate, until its node has had time to come", () => {
  const ledger = new Ledger();
  ledger.add({ uid: "other", name: "o", signer: clientSigner }, asked({ keyHash: "another" }), { node: "a", at: now - firstInterval + 1 });
  expect(judge(asBootstrapper(), asked(), known([], { ledger }), policy)).toMatchObject({ code: "Replay", mayPass: true });
  expect(judge(asBootstrapper(), asked(), known([], { ledger, now: now + 1 }), policy)).toBeUndefined();
});

test("a key is certified once, and not for another request", () => {
  const ledger = new Ledger();
  ledger.add({ uid: "other", name: "o", signer: servingSigner }, asked());
  expect(judge(asNode(clientSigner), asked(), known([a], { ledger }), policy)).toMatchObject({
    code: "Replay",
    note: expect.stringContaining("system:node:a") as string,
  });
  ledger.remove({ uid: "other" }, asked(), "a");
  expect(judge(asNode(clientSigner), asked(), known([a], { ledger }), policy)).toBeUndefined();
});

test("an address that another Node has, too, is nobody's until one has given it up, and both nodes are waited for", () => {
  expect(judge(asNode(servingSigner), asked(own), known([a, node("b", "10.0.0.1")]), policy)).toMatchObject({
    code: "Address",
    nodes: ["a", "b"],
  });
});

test.each([
  ["kubernetes.default.svc"],
  ["kubernetes"],
  ["kubernetes.default"],
  ["localhost"],
  ["a.svc"],
  ["a.b.svc.cluster.local"],
  ["b"],
  ["ab"],
  ["b.a"],
])("the name %s is not the node's, though its Node has it", (name) => {
  expect(judge(asNode(servingSigner), asked({ dnsNames: [name] }), known([node("a", name)]), policy)).toMatchObject({ code: "Names" });
});

test.each([
  "127.0.0.1",
  "169.254.169.254",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "::1",
  "::",
  "fe80::1",
  "ff02::1",
  "::ffff:10.0.0.1",
  "64:ff9b::a00:1",
])("the address %s is nobody's own, though its Node has it", (address) => {
  expect(judge(asNode(servingSigner), asked({ addresses: [address] }), known([node("a", address)]), policy)).toMatchObject({
    code: "Names",
  });
});

test("names in configured domains may be a node's, and addresses have to be in configured networks", () => {
  const strict = policyOf(config.parse({ domains: ["compute.internal"], networks: ["10.0.0.0/8"] }));
  const names = { dnsNames: ["ip-10-0-0-1.compute.internal"], addresses: ["10.0.0.1"] };
  const seen = known([node("a", "ip-10-0-0-1.compute.internal", "10.0.0.1", "192.168.0.1")]);
  expect(judge(asNode(servingSigner), asked(names), seen, strict)).toBeUndefined();
  expect(judge(asNode(servingSigner), asked({ addresses: ["192.168.0.1"] }), seen, strict)).toMatchObject({ code: "Names" });
  expect(judge(asNode(servingSigner), asked(names), seen, policy)).toMatchObject({ code: "Names" });
});

test.each<[string, RequestView, string]>([
  ["CA usages", asNode(servingSigner, { usages: ["digital signature", "server auth", "cert sign"] }), "Usages"],
  ["a client's usages for serving", asNode(servingSigner, { usages: ["digital signature", "client auth"] }), "Usages"],
  ["usages that lack one", asNode(servingSigner, { usages: ["server auth", "key encipherment"] }), "Usages"],
  ["an hour's limit exceeded", asNode(servingSigner, { expirationSeconds: 400 * 86_400 }), "Expiration"],
  ["a user without the group", request(servingSigner, "system:node:a", []), "Requester"],
  ["a user in the group without the name", request(clientSigner, "mallory", ["system:nodes", "system:bootstrappers"]), "Requester"],
  ["a bootstrapper who wants to serve", request(servingSigner, "system:bootstrap:x", ["system:bootstrappers"]), "Requester"],
  ["a group with a similar name", request(clientSigner, "x", ["system:bootstrappers:other"]), "Requester"],
  ["what is too large", asNode(servingSigner, { request: "x".repeat(9_000) }), "Oversized"],
])("the screen finds %s without reading the request", (_, view, code) => {
  expect(screen(view, 0, policy, now)).toMatchObject({ code });
});

test("the screen finds what is too old, and what is superseded by newer requests of the same node", () => {
  expect(screen(asNode(servingSigner), 0, policy, now + 86_400_000)).toMatchObject({ code: "Age" });
  expect(screen(asNode(servingSigner), policy.maxPendingPerNode, policy, now)).toMatchObject({ code: "Limit", mayPass: true });
});

test.each([
  "system:node:",
  "system:node:A",
  "system:node:a_b",
  "system:node:a/b",
  "system:nodes",
  "node:a",
  "system:node:.a",
  `system:node:${"a".repeat(254)}`,
])("%s is no node's name", (user) => {
  expect(nodeIn(user)).toBeUndefined();
});

test("a node is no bootstrapper, whatever its groups are", () => {
  expect(roleOf(request(clientSigner, "system:node:a", ["system:bootstrappers"]), policy)).toBeUndefined();
  expect(roleOf(request(clientSigner, "system:node:a", ["system:bootstrappers", "system:nodes"]), policy)).toBe("node");
});
