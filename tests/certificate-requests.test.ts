import { requestPem } from "@plimsoll/features/csr/testing";
import { ApiError, Transport } from "@plimsoll/kube";
import type { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import type { Node } from "kubernetes-types/core/v1.d.ts";
import { afterAll, expect, test } from "vitest";
import { addressesOf, bootstrapper, client, nodeIdentity, serving, servingPem } from "./support/certificate-requests.ts";
import { CertificateSite, until } from "./support/certificate-site.ts";
import { hostileRequests } from "./support/hostile/index.ts";
import type { Hostile } from "./support/hostile/terms.ts";

const site = new CertificateSite("csr", { requestedCertificates: "2m" });
let transport: Transport | undefined;
afterAll(() => transport?.close());

const admin = (): Transport => (transport ??= Transport.fromKubeconfig(site.cluster.kubeconfig));

/** The certificate that a kubelet serves with; undefined: none of the cluster's. */
function served(host: string): Promise<X509Certificate | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 10_250, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      resolve(certificate?.issuer === `CN=plimsoll ${site.cluster.name}` ? certificate : undefined);
    });
    socket.on("error", () => resolve(undefined));
  });
}

test(
  "a kubelet that bootstraps gets its certificates by the feature alone, serves with them, and renews them",
  { timeout: 900_000 },
  async () => {
    const all = () => Array.fromAsync(site.requests.admin("certificatesigningrequests.certificates.k8s.io").list());
    const waiting = await until("the kubelet asks", 120, async () =>
      (await all()).find(({ spec }) => spec.username === "system:bootstrap:plimsoll"),
    );
    expect(waiting.status?.conditions).toBeUndefined();
    await site.run();
    const { metadata, status } = await until("the node is ready", 240, async () => {
      const { items } = await admin().request<{ items: (Node & { metadata: { name: string } })[] }>({
        method: "GET",
        path: "/api/v1/nodes",
      });
      return items.find(({ status }) => status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"));
    });
    const node = `system:node:${metadata.name}`;
    const address = status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
    const first = await until("the kubelet serves by a certificate of the cluster's", 120, () => served(address));
    expect(first.checkIP(address)).toBe(address);
    // A certificate of 2 minutes is renewed within 80 seconds.
    await until("both are renewed", 200, async () => {
      const certificate = await served(address);
      const renewals = (await all()).filter(
        ({ spec, status }) => spec.signerName === client && spec.username === node && status?.certificate !== undefined,
      );
      return certificate !== undefined && certificate.serialNumber !== first.serialNumber && renewals.length > 0 ? true : undefined;
    });
    const conditions = (await all())
      .filter(({ spec }) => [node, "system:bootstrap:plimsoll"].includes(spec.username ?? ""))
      .flatMap(({ status }) => status?.conditions ?? []);
    expect(conditions.length).toBeGreaterThanOrEqual(4);
    for (const condition of conditions) expect(condition).toMatchObject({ type: "Approved", reason: "PlimsollApproved" });
  },
);

test("of many hostile requests none is approved, and each is told why", { timeout: 900_000 }, async () => {
  const apiServer = new URL(admin().server).hostname;
  const { node: other, address: otherAddress } = await site.newNode();
  const { length } = hostileRequests({ node: "", address: "", other, otherAddress, absent: "", bootstrapper, apiServer });
  const refused: string[] = [];
  const taken = new Map<string, { what: string; code: string }>();
  const asking: { hostile: Hostile; node: string }[] = [];
  // Each asks as somebody else, so that none hides behind another's limits.
  for (let index = 0; index < length; index += 1) {
    const { node, address } = await site.newNode();
    const victims = {
      node,
      address,
      other,
      otherAddress,
      absent: `absent-${index}`,
      bootstrapper: { ...bootstrapper, user: `system:bootstrap:${index}` },
      apiServer,
    };
    const hostile = hostileRequests(victims)[index];
    if (hostile === undefined) continue;
    const { addresses } = hostile;
    if (addresses !== undefined) await site.requests.setAddresses(node, [...addresses, ...addressesOf(node, address)]);
    asking.push({ hostile, node });
  }
  // It knows of all nodes before it is asked.
  await site.run();
  for (const { hostile, node } of asking) {
    const { what, code, who = nodeIdentity(node), signer = serving, usages, expirationSeconds, metadata, pem } = hostile;
    try {
      const more = {
        ...(usages && { usages }),
        ...(expirationSeconds !== undefined && { expirationSeconds }),
        ...(metadata && { metadata }),
      };
      taken.set(await site.requests.send(who, signer, await pem(), more), { what, code });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refused.push(`a request ${what}: ${error.code}`);
    }
  }
  const wrong: string[] = [];
  for (const [name, { what, code }] of taken) {
    const reason = await site.reasonOf(name).catch(() => "nothing");
    const { status } = await site.requests.get(name);
    if (status?.conditions !== undefined || status?.certificate !== undefined) wrong.push(`a request ${what} is ${JSON.stringify(status)}`);
    else if (reason !== code) wrong.push(`a request ${what} is left for ${reason}, not ${code}`);
  }
  console.log(
    `${taken.size} hostile requests were taken by the API server and left; it refused ${refused.length} itself:\n${refused.join("\n")}`,
  );
  expect(wrong).toEqual([]);
  expect(taken.size).toBeGreaterThanOrEqual(60);
});

test("an approval changes nothing but the conditions", async () => {
  const { node, address } = await site.newNode();
  const metadata = { labels: { a: "b" }, annotations: { c: "d" }, finalizers: ["plimsoll.dev/test"] };
  const name = await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address), {
    metadata: { ...metadata, name: "whole" },
  });
  const before = await site.requests.get(name);
  await site.run();
  const after = await site.requests.certified(name, 120);
  const { resourceVersion: _, managedFields: __, ...kept } = before.metadata as typeof before.metadata & { managedFields: unknown };
  expect(after.metadata).toMatchObject(kept);
  expect(after.spec).toEqual(before.spec);
  expect(after.status?.conditions).toEqual([
    expect.objectContaining({
      type: "Approved",
      status: "True",
      reason: "PlimsollApproved",
      message: `Plimsoll has checked it: system:node:${node} with ${node}, ${address} may have this certificate`,
    }),
  ]);
  await site.requests.admin("certificatesigningrequests.certificates.k8s.io").patch({ name }, { metadata: { finalizers: null } });
});

test.each([
  ["ECDSA on P-384", { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" }],
  ["ECDSA on P-521", { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" }],
  ["RSA of 2,048 bits", { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 }],
  ["Ed25519", { name: "Ed25519" }],
] as const)("a key of %s is certified", async (_, kind) => {
  const { node, address } = await site.newNode();
  await site.run();
  const pem = await requestPem({
    subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${node}`] }],
    names: [{ type: "ip", value: address }],
    kind,
  });
  const usages = ["digital signature", "key encipherment", "server auth"];
  const name = await site.requests.send(nodeIdentity(node), serving, pem, { usages });
  expect((await site.requests.certified(name, 120)).status?.conditions).toMatchObject([{ type: "Approved" }]);
});
