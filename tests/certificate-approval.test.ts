import { RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { startMoto } from "@plimsoll/cloud/testing";
import { keysOf, requestPem } from "@plimsoll/features/csr/testing";
import { eventsOf } from "@plimsoll/permissions/audit-log";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { Random } from "../bench/random.ts";
import {
  addressesOf,
  bootstrapper,
  client,
  clientPem,
  nodeIdentity,
  serving,
  servingPem,
  someAddress,
} from "./support/certificate-requests.ts";
import { CertificateSite, until } from "./support/certificate-site.ts";
import { faultySender } from "./support/faulty-sender.ts";

const site = new CertificateSite("csr-approval", { kubelet: false });

test("a node that comes after its request, or gets its address after it, is approved then", async () => {
  await site.run();
  const node = "late";
  const address = someAddress();
  const name = await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address));
  expect(await site.reasonOf(name)).toBe("Node");
  await site.requests.node(node, addressesOf(node, someAddress()));
  await until("the address is told to be missing", 120, async () =>
    (await site.requests.told(name)).some((text) => text.startsWith("Address")) ? true : undefined,
  );
  await site.requests.setAddresses(node, addressesOf(node, address));
  await site.requests.certified(name, 120);
});

test("how long an approval took is counted from when its request was seen, also where the watch says of it before the answer does", async () => {
  const pending = `plimsoll_csr_pending{signer="${serving}"}`;
  const seconds = `plimsoll_csr_approval_duration_seconds_sum{signer="${serving}"}`;
  let held = 0;
  await site.run({}, (sender) => ({
    stream: (request) => sender.stream(request),
    request: async (request) => {
      const before = request.method === "PUT" ? await site.metric(pending) : undefined;
      const start = performance.now();
      const answer = await sender.request(request);
      if (before === undefined) return answer as never;
      await until("the watch has said so", 120, async () => ((await site.metric(pending)) ?? 0) < before || undefined);
      held += (performance.now() - start) / 1_000;
      return answer as never;
    },
  }));
  const { node, address } = await site.newNode();
  await site.requests.certified(await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address)), 120);
  const told = await until("it is counted", 120, async () => (await site.metric(seconds)) || undefined);
  expect(told).toBeGreaterThanOrEqual(held);
});

test("an address of two Nodes is certified for neither, and for the one that is left", async () => {
  const { node, address } = await site.newNode();
  await site.requests.node("copy", addressesOf("copy", address));
  // It knows of both before it is asked.
  await site.run();
  const names = await Promise.all(
    [node, "copy"].map(async (of) => site.requests.send(nodeIdentity(of), serving, await servingPem(of, address))),
  );
  expect(await Promise.all(names.map((name) => site.reasonOf(name)))).toEqual(["Address", "Address"]);
  await site.requests.deleteNode("copy");
  await site.requests.certified(names[0] ?? "", 120);
  expect(await site.conditionsOf(names[1] ?? "")).toBeUndefined();
});

test("a request whose key was certified before is left: the same again, for another use, or of another node, also after a restart", async () => {
  const stop = await site.run();
  const { node, address } = await site.newNode();
  const { node: other } = await site.newNode();
  const pem = await servingPem(node, address);
  await site.requests.certified(await site.requests.send(nodeIdentity(node), serving, pem), 120);
  const again = await site.requests.send(nodeIdentity(node), serving, pem);
  expect(await site.reasonOf(again)).toBe("Replay");
  const keys = await keysOf();
  const subject = (of: string) => [{ O: ["system:nodes"] }, { CN: [`system:node:${of}`] }];
  await site.requests.certified(
    await site.requests.send(nodeIdentity(node), client, await requestPem({ subject: subject(node), keys })),
    120,
  );
  await stop();
  await site.run();
  for (const [who, signer, names] of [
    [other, client, undefined],
    [node, serving, [{ type: "ip" as const, value: address }]],
  ] as const) {
    const name = await site.requests.send(
      nodeIdentity(who),
      signer,
      await requestPem({ subject: subject(who), keys, ...(names && { names: [...names] }) }),
    );
    expect(await site.reasonOf(name)).toBe("Replay");
    expect(await site.conditionsOf(name)).toBeUndefined();
  }
});

test("of two machines that want the same name none gets it while both wait, and the second none after the first", async () => {
  const twice = await Promise.all(["both", "both"].map(async (node) => site.requests.send(bootstrapper, client, await clientPem(node))));
  await site.run();
  expect(await Promise.all(twice.map((name) => site.reasonOf(name)))).toEqual(["Replay", "Replay"]);
  await site.requests.certified(await site.requests.send(bootstrapper, client, await clientPem("sole")), 120);
  expect(await site.reasonOf(await site.requests.send(bootstrapper, client, await clientPem("sole")))).toBe("Replay");
  for (const name of twice) expect(await site.conditionsOf(name)).toBeUndefined();
});

test("of many requests of a node the newest are looked at, and one that is too old is none", async () => {
  const { node, address } = await site.newNode();
  const honest = await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address));
  for (let index = 0; index < 2; index += 1) await site.requests.send(nodeIdentity(node), serving, await servingPem(node, someAddress()));
  const stop = await site.run({ maxPendingPerNode: 2 });
  expect(await site.reasonOf(honest)).toBe("Limit");
  await stop();
  await sleep(1_100);
  await site.run({ maxAge: "1s" });
  await until("its age is told", 120, async () =>
    (await site.requests.told(honest)).some((text) => text.startsWith("Age")) ? true : undefined,
  );
  expect(await site.conditionsOf(honest)).toBeUndefined();
});

test("more waiting requests than are allowed keep first certificates back, and no node's own", async () => {
  const { node, address } = await site.newNode();
  await site.run({ maxPending: 1 });
  expect(await site.reasonOf(await site.requests.send(bootstrapper, client, await clientPem("crowded")))).toBe("Limit");
  await site.requests.certified(await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address)), 120);
});

test("where it is configured, what nothing can mend is denied with its reason, and what may come right is left", async () => {
  await site.run({ otherwise: "deny" });
  const { node, address } = await site.newNode();
  const bad = await site.requests.send(nodeIdentity(node), serving, await servingPem(node, "127.0.0.1"));
  const conditions = await until("it is denied", 120, () => site.conditionsOf(bad));
  expect(conditions).toEqual([
    expect.objectContaining({
      type: "Denied",
      status: "True",
      reason: "PlimsollNames",
      message: "the address 127.0.0.1 can't be one node's own",
    }),
  ]);
  const early = await site.requests.send(nodeIdentity("coming"), serving, await servingPem("coming", address.replace("10.77", "10.78")));
  expect(await site.reasonOf(early)).toBe("Node");
  await site.requests.node("coming", addressesOf("coming", address.replace("10.77", "10.78")));
  await site.requests.certified(early, 120);
});

test("with one signer configured the other's requests are left alone, without a word", async () => {
  const { node, address } = await site.newNode();
  await site.run({ signers: [serving] });
  const other = await site.requests.send(nodeIdentity(node), client, await clientPem(node));
  await site.requests.certified(await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address)), 120);
  expect(await site.conditionsOf(other)).toBeUndefined();
  expect(await site.requests.told(other)).toEqual([]);
});

test("a machine gets its first certificate if the cloud has it, and any certificate, where that is configured, as long as it has", async () => {
  const region = "eu-central-1";
  vi.stubEnv("AWS_ACCESS_KEY_ID", "testing");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "testing");
  const moto = await startMoto();
  onTestFinished(() => moto.stop());
  const ec2 = moto.ec2(region);
  const launch = async () =>
    (await ec2.send(new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1 }))).Instances?.[0];
  const cloud = { provider: "aws", region, account: "123456789012", endpoint: moto.endpoint };
  await site.run({ instances: "cloud", machines: "all", cloud });
  const instance = await launch();
  const node = instance?.PrivateDnsName ?? "";
  const unknown = await site.requests.send(bootstrapper, client, await clientPem("ip-10-1-2-3.eu-central-1.compute.internal"));
  expect(await site.reasonOf(unknown)).toBe("Machine");
  await site.requests.certified(await site.requests.send(bootstrapper, client, await clientPem(node)), 120);
  const address = someAddress();
  await site.requests
    .admin("nodes")
    .create({ metadata: { name: node }, spec: { providerID: `aws:///${region}a/${instance?.InstanceId}` } });
  await site.requests.setAddresses(node, addressesOf(node, address));
  await site.requests.certified(await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address)), 120);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance?.InstanceId ?? ""] }));
  const late = await site.requests.send(nodeIdentity(node), serving, await servingPem(node, address));
  expect(await site.reasonOf(late)).toBe("Machine");
  for (const name of [unknown, late]) expect(await site.conditionsOf(name)).toBeUndefined();
});

test("without a cloud no machine gets a first certificate, and the reason names the keys", async () => {
  await site.run({ instances: "cloud" });
  const name = await site.requests.send(bootstrapper, client, await clientPem("cloudless"));
  expect(await site.reasonOf(name)).toBe("Machine");
  expect((await site.requests.told(name))[0]).toContain("set features.csr.cloud, or features.csr.instances to any");
});

test("whatever of its requests fail, before or after they are carried out, each certificate request is approved once", async () => {
  const told = new Map<string, number>();
  const random = new Random(11);
  const nodes = await Promise.all(Array.from({ length: 30 }, () => site.newNode()));
  const mark = (await site.cluster.audit?.mark()) ?? 0;
  await site.run({}, (sender) => faultySender(sender, 0.5, () => random.below(1_000_000) / 1_000_000, told));
  const names = await Promise.all(
    nodes.map(async ({ node, address }) => site.requests.send(nodeIdentity(node), serving, await servingPem(node, address))),
  );
  for (const name of names) expect((await site.requests.certified(name, 120)).status?.conditions).toHaveLength(1);
  expect(told.get("PUT")).toBeGreaterThan(10);
  const approvals: string[] = [];
  for await (const line of site.cluster.audit?.lines(mark) ?? []) {
    const { objectRef, responseStatus } = eventsOf(line)?.[0] ?? {};
    // The real kubelet asks meanwhile, too.
    if (objectRef?.subresource === "approval" && responseStatus?.code === 200 && names.includes(objectRef.name ?? ""))
      approvals.push(objectRef.name ?? "");
  }
  expect(approvals.toSorted()).toEqual(names.toSorted());
});

test("one that ends after any write is followed by one that goes on from what the API server has", async () => {
  const nodes = await Promise.all(Array.from({ length: 5 }, () => site.newNode()));
  const names = await Promise.all(
    nodes.map(async ({ node, address }) => site.requests.send(nodeIdentity(node), serving, await servingPem(node, address))),
  );
  for (let left = 1; left <= 3; left += 1) {
    let puts = 0;
    const stop = await site.run({}, (sender) => ({
      stream: (request) => sender.stream(request),
      // A process that is gone approves nothing.
      request: async (request) =>
        request.method === "PUT" && ++puts > 1 ? Promise.reject(new Error("it is gone")) : sender.request(request),
    }));
    await until("one more is approved", 120, async () =>
      (await Promise.all(names.map((name) => site.conditionsOf(name)))).filter((conditions) => conditions !== undefined).length >= left
        ? true
        : undefined,
    );
    await stop();
  }
  await site.run();
  for (const name of names) expect((await site.requests.certified(name, 120)).status?.conditions).toHaveLength(1);
});
