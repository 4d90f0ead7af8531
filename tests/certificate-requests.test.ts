import { RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { startMoto } from "@plimsoll/cloud/testing";
import { keysOf, requestPem } from "@plimsoll/features/csr/testing";
import { up, type Cluster } from "@plimsoll/cluster";
import { ApiError, Transport } from "@plimsoll/kube";
import { eventsOf } from "@plimsoll/permissions/audit-log";
import type { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import type { Node } from "kubernetes-types/core/v1.d.ts";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Random } from "../bench/random.ts";
import { addressesOf, bootstrapper, client, clientPem, nodeIdentity, Requests, serving, servingPem, someAddress } from "./support/certificate-requests.ts";
import { csrFeature, type CsrFeature } from "./support/csr-feature.ts";
import { faultySender } from "./support/faulty-sender.ts";
import { hostileRequests } from "./support/hostile-requests.ts";
import { started } from "./support/local-cluster.ts";

let cluster: Cluster;
let requests: Requests;
let transport: Transport;
let feature: CsrFeature;
const stops: (() => Promise<void>)[] = [];

/** Runs the feature until the test's end, or until what this gives is called. */
async function run(...how: Parameters<CsrFeature["run"]>): Promise<() => Promise<void>> {
  const stop = await feature.run(...how);
  stops.push(stop);
  return async () => {
    stops.splice(stops.indexOf(stop), 1);
    await stop();
  };
}

beforeAll(async () => {
  cluster = await up({ name: started("csr"), requestedCertificates: "2m", audit: true });
  transport = Transport.fromKubeconfig(cluster.kubeconfig);
  requests = new Requests(cluster.kubeconfig);
  await requests.letAsk("system:authenticated");
  feature = await csrFeature(cluster.kubeconfig);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(async () => {
  await requests.close();
  await transport.close();
  await cluster.down();
});

async function until<T>(what: string, seconds: number, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = performance.now() + seconds * 1_000; performance.now() < deadline; await sleep(100)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

let count = 0;

/** A Node of its own, with its address. */
async function newNode(metadata?: object): Promise<{ node: string; address: string }> {
  const node = `ghost-${count++}`;
  const address = someAddress();
  await requests.node(node, addressesOf(node, address), metadata);
  return { node, address };
}

/** The word of the event that says why a request was not approved. */
const reasonOf = (name: string): Promise<string> =>
  until(`${name} is told why`, 60, async () => (await requests.told(name)).map((text) => text.split(":")[0]).find((reason) => reason !== "Approved"));

const approvalOf = async (name: string) => (await requests.get(name)).status?.conditions;

/** The certificate that a kubelet serves with; undefined: none of the cluster's. */
function served(host: string): Promise<X509Certificate | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 10_250, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      resolve(certificate?.issuer === `CN=plimsoll ${cluster.name}` ? certificate : undefined);
    });
    socket.on("error", () => resolve(undefined));
  });
}

test("a kubelet that bootstraps gets its certificates by the feature alone, serves with them, and renews them", { timeout: 400_000 }, async () => {
  const all = () => Array.fromAsync(requests.admin("certificatesigningrequests.certificates.k8s.io").list());
  const waiting = await until("the kubelet asks", 60, async () => (await all()).find(({ spec }) => spec.username === "system:bootstrap:plimsoll"));
  expect(waiting.status?.conditions).toBeUndefined();
  await run();
  const { metadata, status } = await until("the node is ready", 90, async () => {
    const { items } = await transport.request<{ items: (Node & { metadata: { name: string } })[] }>({ method: "GET", path: "/api/v1/nodes" });
    return items.find(({ status }) => status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"));
  });
  const node = `system:node:${metadata.name}`;
  const address = status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
  const first = await until("the kubelet serves by a certificate of the cluster's", 60, () => served(address));
  expect(first.checkIP(address)).toBe(address);
  // A certificate of 2 minutes is renewed within 80 seconds.
  await until("both are renewed", 200, async () => {
    const certificate = await served(address);
    const renewals = (await all()).filter(({ spec, status }) => spec.signerName === client && spec.username === node && status?.certificate !== undefined);
    return certificate !== undefined && certificate.serialNumber !== first.serialNumber && renewals.length > 0 ? true : undefined;
  });
  const conditions = (await all()).filter(({ spec }) => [node, "system:bootstrap:plimsoll"].includes(spec.username ?? "")).flatMap(({ status }) => status?.conditions ?? []);
  expect(conditions.length).toBeGreaterThanOrEqual(4);
  for (const condition of conditions) expect(condition).toMatchObject({ type: "Approved", reason: "PlimsollApproved" });
});

test("of many hostile requests none is approved, and each is told why", { timeout: 400_000 }, async () => {
  const apiServer = new URL(transport.server).hostname;
  const { node: other, address: otherAddress } = await newNode();
  const { length } = hostileRequests({ node: "", address: "", other, otherAddress, absent: "", bootstrapper, apiServer });
  await run();
  const refused: string[] = [];
  const taken = new Map<string, { what: string; code: string }>();
  // Each asks as somebody else, so that none hides behind another's limits.
  for (let index = 0; index < length; index += 1) {
    const { node, address } = await newNode();
    const victims = { node, address, other, otherAddress, absent: `absent-${index}`, bootstrapper: { ...bootstrapper, user: `system:bootstrap:${index}` }, apiServer };
    const hostile = hostileRequests(victims)[index];
    if (hostile === undefined) continue;
    const { what, code, who = nodeIdentity(node), signer = serving, usages, expirationSeconds, metadata, addresses, pem } = hostile;
    if (addresses !== undefined) await requests.setAddresses(node, [...addresses, ...addressesOf(node, address)]);
    try {
      const more = { ...(usages && { usages }), ...(expirationSeconds !== undefined && { expirationSeconds }), ...(metadata && { metadata }) };
      taken.set(await requests.send(who, signer, await pem(), more), { what, code });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refused.push(`a request ${what}: ${error.code}`);
    }
  }
  const wrong: string[] = [];
  for (const [name, { what, code }] of taken) {
    const reason = await reasonOf(name).catch(() => "nothing");
    const { status } = await requests.get(name);
    if (status?.conditions !== undefined || status?.certificate !== undefined) wrong.push(`a request ${what} is ${JSON.stringify(status)}`);
    else if (reason !== code) wrong.push(`a request ${what} is left for ${reason}, not ${code}`);
  }
  console.log(`${taken.size} hostile requests were taken by the API server and left; it refused ${refused.length} itself:\n${refused.join("\n")}`);
  expect(wrong).toEqual([]);
  expect(taken.size).toBeGreaterThanOrEqual(60);
});

test("an approval changes nothing but the conditions", async () => {
  const { node, address } = await newNode();
  const metadata = { labels: { a: "b" }, annotations: { c: "d" }, finalizers: ["plimsoll.dev/test"] };
  const name = await requests.send(nodeIdentity(node), serving, await servingPem(node, address), { metadata: { ...metadata, name: "whole" } });
  const before = await requests.get(name);
  await run();
  const after = await requests.certified(name, 30);
  const { resourceVersion: _, managedFields: __, ...kept } = before.metadata as typeof before.metadata & { managedFields: unknown };
  expect(after.metadata).toMatchObject(kept);
  expect(after.spec).toEqual(before.spec);
  expect(after.status?.conditions).toEqual([
    expect.objectContaining({ type: "Approved", status: "True", reason: "PlimsollApproved", message: `Plimsoll has checked it: system:node:${node} with ${node}, ${address} may have this certificate` }),
  ]);
  await requests.admin("certificatesigningrequests.certificates.k8s.io").patch({ name }, { metadata: { finalizers: null } });
});

test.each([
  ["ECDSA on P-384", { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" }],
  ["ECDSA on P-521", { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" }],
  ["RSA of 2,048 bits", { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 }],
  ["Ed25519", { name: "Ed25519" }],
] as const)("a key of %s is certified", async (_, kind) => {
  const { node, address } = await newNode();
  await run();
  const pem = await requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${node}`] }], names: [{ type: "ip", value: address }], kind });
  const usages = ["digital signature", "key encipherment", "server auth"];
  await requests.certified(await requests.send(nodeIdentity(node), serving, pem, { usages }), 30);
});

test("a node that comes after its request, or gets its address after it, is approved then", async () => {
  await run();
  const node = "late";
  const address = someAddress();
  const name = await requests.send(nodeIdentity(node), serving, await servingPem(node, address));
  expect(await reasonOf(name)).toBe("Node");
  await requests.node(node, addressesOf(node, someAddress()));
  await until("the address is told to be missing", 30, async () => ((await requests.told(name)).some((text) => text.startsWith("Address")) ? true : undefined));
  await requests.setAddresses(node, addressesOf(node, address));
  await requests.certified(name, 30);
});

test("an address of two Nodes is certified for neither, and for the one that is left", async () => {
  await run();
  const { node, address } = await newNode();
  await requests.node("copy", addressesOf("copy", address));
  const names = await Promise.all([node, "copy"].map(async (of) => requests.send(nodeIdentity(of), serving, await servingPem(of, address))));
  expect(await Promise.all(names.map(reasonOf))).toEqual(["Address", "Address"]);
  await requests.deleteNode("copy");
  await requests.certified(names[0] ?? "", 30);
  expect(await approvalOf(names[1] ?? "")).toBeUndefined();
});

test("a request whose key was certified before is left: the same again, for another use, or of another node, also after a restart", async () => {
  const stop = await run();
  const { node, address } = await newNode();
  const { node: other } = await newNode();
  const pem = await servingPem(node, address);
  await requests.certified(await requests.send(nodeIdentity(node), serving, pem), 30);
  const again = await requests.send(nodeIdentity(node), serving, pem);
  expect(await reasonOf(again)).toBe("Replay");
  const keys = await keysOf();
  const subject = (of: string) => [{ O: ["system:nodes"] }, { CN: [`system:node:${of}`] }];
  await requests.certified(await requests.send(nodeIdentity(node), client, await requestPem({ subject: subject(node), keys })), 30);
  await stop();
  await run();
  for (const [who, signer, names] of [
    [other, client, undefined],
    [node, serving, [{ type: "ip" as const, value: address }]],
  ] as const) {
    const name = await requests.send(nodeIdentity(who), signer, await requestPem({ subject: subject(who), keys, ...(names && { names: [...names] }) }));
    expect(await reasonOf(name)).toBe("Replay");
    expect(await approvalOf(name)).toBeUndefined();
  }
});

test("of two machines that want the same name none gets it while both wait, and the second none after the first", async () => {
  const twice = await Promise.all(["both", "both"].map(async (node) => requests.send(bootstrapper, client, await clientPem(node))));
  await run();
  expect(await Promise.all(twice.map(reasonOf))).toEqual(["Replay", "Replay"]);
  await requests.certified(await requests.send(bootstrapper, client, await clientPem("sole")), 30);
  expect(await reasonOf(await requests.send(bootstrapper, client, await clientPem("sole")))).toBe("Replay");
  for (const name of twice) expect(await approvalOf(name)).toBeUndefined();
});

test("of many requests of a node the newest are looked at, and one that is too old is none", async () => {
  const { node, address } = await newNode();
  const honest = await requests.send(nodeIdentity(node), serving, await servingPem(node, address));
  for (let index = 0; index < 2; index += 1) await requests.send(nodeIdentity(node), serving, await servingPem(node, someAddress()));
  const stop = await run({ maxPendingPerNode: 2 });
  expect(await reasonOf(honest)).toBe("Limit");
  await stop();
  await sleep(1_100);
  await run({ maxAge: "1s" });
  await until("its age is told", 30, async () => ((await requests.told(honest)).some((text) => text.startsWith("Age")) ? true : undefined));
  expect(await approvalOf(honest)).toBeUndefined();
});

test("more waiting requests than are allowed keep first certificates back, and no node's own", async () => {
  const { node, address } = await newNode();
  await run({ maxPending: 1 });
  expect(await reasonOf(await requests.send(bootstrapper, client, await clientPem("crowded")))).toBe("Limit");
  await requests.certified(await requests.send(nodeIdentity(node), serving, await servingPem(node, address)), 30);
});

test("where it is configured, what nothing can mend is denied with its reason, and what may come right is left", async () => {
  await run({ otherwise: "deny" });
  const { node, address } = await newNode();
  const bad = await requests.send(nodeIdentity(node), serving, await servingPem(node, "127.0.0.1"));
  const conditions = await until("it is denied", 30, () => approvalOf(bad));
  expect(conditions).toEqual([expect.objectContaining({ type: "Denied", status: "True", reason: "PlimsollNames", message: "the address 127.0.0.1 can't be one node's own" })]);
  const early = await requests.send(nodeIdentity("coming"), serving, await servingPem("coming", address.replace("10.77", "10.78")));
  expect(await reasonOf(early)).toBe("Node");
  await requests.node("coming", addressesOf("coming", address.replace("10.77", "10.78")));
  await requests.certified(early, 30);
});

test("with one signer configured the other's requests are left alone, without a word", async () => {
  const { node, address } = await newNode();
  await run({ signers: [serving] });
  const other = await requests.send(nodeIdentity(node), client, await clientPem(node));
  await requests.certified(await requests.send(nodeIdentity(node), serving, await servingPem(node, address)), 30);
  expect(await approvalOf(other)).toBeUndefined();
  expect(await requests.told(other)).toEqual([]);
});

test("a machine gets its first certificate if the cloud has it, and any certificate, where that is configured, as long as it has", async () => {
  const region = "eu-central-1";
  vi.stubEnv("AWS_ACCESS_KEY_ID", "testing");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "testing");
  const moto = await startMoto();
  stops.push(() => moto.stop());
  const ec2 = moto.ec2(region);
  const launch = async () => (await ec2.send(new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1 }))).Instances?.[0];
  const cloud = { provider: "aws", region, account: "123456789012", endpoint: moto.endpoint };
  await run({ instances: "cloud", machines: "all", cloud });
  const instance = await launch();
  const node = instance?.PrivateDnsName ?? "";
  const unknown = await requests.send(bootstrapper, client, await clientPem("ip-10-1-2-3.eu-central-1.compute.internal"));
  expect(await reasonOf(unknown)).toBe("Machine");
  await requests.certified(await requests.send(bootstrapper, client, await clientPem(node)), 30);
  const address = someAddress();
  await requests.admin("nodes").create({ metadata: { name: node }, spec: { providerID: `aws:///${region}a/${instance?.InstanceId}` } });
  await requests.setAddresses(node, addressesOf(node, address));
  await requests.certified(await requests.send(nodeIdentity(node), serving, await servingPem(node, address)), 30);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance?.InstanceId ?? ""] }));
  const late = await requests.send(nodeIdentity(node), serving, await servingPem(node, address));
  expect(await reasonOf(late)).toBe("Machine");
  for (const name of [unknown, late]) expect(await approvalOf(name)).toBeUndefined();
});

test("without a cloud no machine gets a first certificate, and the reason names the keys", async () => {
  await run({ instances: "cloud" });
  const name = await requests.send(bootstrapper, client, await clientPem("cloudless"));
  expect(await reasonOf(name)).toBe("Machine");
  expect((await requests.told(name))[0]).toContain("set features.csr.cloud, or features.csr.instances to any");
});

test("whatever of its requests fail, before or after they are carried out, each certificate request is approved once", async () => {
  const told = new Map<string, number>();
  const random = new Random(11);
  const nodes = await Promise.all(Array.from({ length: 30 }, () => newNode()));
  const mark = (await cluster.audit?.mark()) ?? 0;
  await run({}, (sender) => faultySender(sender, 0.5, () => random.below(1_000_000) / 1_000_000, told));
  const names = await Promise.all(nodes.map(async ({ node, address }) => requests.send(nodeIdentity(node), serving, await servingPem(node, address))));
  for (const name of names) expect((await requests.certified(name, 60)).status?.conditions).toHaveLength(1);
  expect(told.get("PUT")).toBeGreaterThan(10);
  const approvals: string[] = [];
  for await (const line of cluster.audit?.lines(mark) ?? []) {
    const { objectRef, responseStatus } = eventsOf(line)?.[0] ?? {};
    // The real kubelet asks meanwhile, too.
    if (objectRef?.subresource === "approval" && responseStatus?.code === 200 && names.includes(objectRef.name ?? "")) approvals.push(objectRef.name ?? "");
  }
  expect(approvals.toSorted()).toEqual(names.toSorted());
});

test("one that ends after any write is followed by one that goes on from what the API server has", async () => {
  const nodes = await Promise.all(Array.from({ length: 5 }, () => newNode()));
  const names = await Promise.all(nodes.map(async ({ node, address }) => requests.send(nodeIdentity(node), serving, await servingPem(node, address))));
  for (let left = 1; left <= 3; left += 1) {
    let puts = 0;
    const stop = await run({}, (sender) => ({
      stream: (request) => sender.stream(request),
      // A process that is gone approves nothing.
      request: async (request) => (request.method === "PUT" && ++puts > 1 ? Promise.reject(new Error("it is gone")) : sender.request(request)),
    }));
    await until("one more is approved", 30, async () => ((await Promise.all(names.map(approvalOf))).filter((conditions) => conditions !== undefined).length >= left ? true : undefined));
    await stop();
  }
  await run();
  for (const name of names) expect((await requests.certified(name, 30)).status?.conditions).toHaveLength(1);
});
